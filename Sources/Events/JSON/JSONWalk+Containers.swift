extension JSONWalk {
    /// The containers that are open in one call of ``endOfContainer(from:inside:)``.
    private struct Open {
        static let most = 64

        /// The lowest bit is for the innermost container; it is set for an object.
        private var objects: UInt64 = 0
        private(set) var count = 0

        @inline(__always)
        var isInObject: Bool { objects & 1 != 0 }

        @inline(__always)
        mutating func push(isObject: Bool) {
            objects = objects << 1 | (isObject ? 1 : 0)
            count &+= 1
        }

        @inline(__always)
        mutating func pop() {
            objects >>= 1
            count &-= 1
        }
    }

    /// The offset after the array or object that begins at `start`, inside of `depth` containers.
    ///
    /// What is open is kept in a register, so the loop calls itself when 64 containers are.
    @inline(never)
    mutating func endOfContainer(from start: Int, inside depth: Int) throws(JSONSyntaxError) -> Int {
        let bytes = bytes
        var strings = strings
        var open = Open()
        var offset = start
        // Each turn reads one value, its key before it and what follows it.
        item: while true {
            if open.isInObject {
                guard bytes[offset] == UInt8(ascii: "\"") else {
                    throw JSONSyntaxError(reason: .unexpectedByte, offset: offset)
                }
                let keyEnd = try strings.end(in: bytes, from: offset)
                // As nearly all are written: a string, without whitespace.
                offset = bytes.holdsPair(":\"", at: keyEnd) ? keyEnd &+ 1 : try startOfValue(behind: keyEnd)
            }
            let first = bytes[offset]
            if first == UInt8(ascii: "\"") {
                offset = try strings.end(in: bytes, from: offset)
            } else if first | 0x20 != UInt8(ascii: "{") {
                offset = try JSONScanner.endOfScalar(bytes, from: offset)
            } else if open.count == Open.most {
                self.strings = strings
                offset = try endOfContainer(from: offset, inside: depth &+ open.count)
                strings = self.strings
            } else {
                let isObject = first == UInt8(ascii: "{")
                guard depth &+ open.count < depthLimit else {
                    throw JSONSyntaxError(reason: .tooDeep, offset: offset)
                }
                open.push(isObject: isObject)
                offset = try nextToken(from: offset &+ 1)
                // Two after each opening bracket is the closing one.
                if bytes[offset] != first &+ 2 { continue item }
            }
            while true {
                if open.isInObject, bytes.holdsPair(",\"", at: offset) {
                    offset &+= 1
                    continue item
                }
                offset = try nextToken(from: offset)
                if bytes[offset] == UInt8(ascii: ",") {
                    offset = try nextToken(from: offset &+ 1)
                    continue item
                }
                guard bytes[offset] == (open.isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw JSONSyntaxError(reason: .unexpectedByte, offset: offset)
                }
                open.pop()
                offset &+= 1
                if open.count == 0 {
                    self.strings = strings
                    return offset
                }
            }
        }
    }
}
