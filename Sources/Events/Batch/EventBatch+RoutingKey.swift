extension EventBatch {
    /// The text of a line's routing key where it stands, without a copy; `nil` when there is none, or when it has escapes.
    ///
    /// - Parameter bytes: the batch's bytes, whose owner the caller holds.
    package func plainRoutingKey(at position: Int, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let key = lines[position].routingKeyValue.stringContent(in: bytes), let text = JSONBytes(key),
            text.endOfPlainText(from: 0) == text.count
        else { return nil }
        return key
    }
}
