import Events

extension JSONValue {
    /// The value of a whole JSON text; `nil` when it is none.
    init?(reading text: [UInt8]) {
        let value = text.withUnsafeBytes { bytes in
            Result { () throws(JSONSyntaxError) in try JSONValue(parsing: bytes) }
        }
        guard case .success(let value) = value else { return nil }
        self = value
    }
}
