/// What is wrong with a binding or an account id, and what to do.
public struct BindingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of mistake it is. Open to growth: compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The account id is none.
        public static let invalidAccount = Self("invalid_account")
        /// The text is no binding at all: empty, with white space, or with an empty part.
        public static let malformed = Self("malformed")
        /// The first word is no family of Kazoo's, though it resembles one.
        public static let unknownFamily = Self("unknown_family")
        /// The family is known and has no binding of this form.
        public static let invalidForm = Self("invalid_form")
        /// The form is right, and a word in it is not one that the family knows.
        public static let unknownWord = Self("unknown_word")
        /// A wildcard stands where Kazoo wants an id, or is part of a word.
        public static let invalidWildcard = Self("invalid_wildcard")
    }

    /// What kind of mistake it is.
    public var code: Code
    /// What is wrong and what to do, in one line.
    public var message: String
    /// What was probably meant, ready to be used instead.
    public var suggestion: String?

    /// Creates an error.
    public init(code: Code, message: String, suggestion: String? = nil) {
        self.code = code
        self.message = message
        self.suggestion = suggestion
    }

    /// The message.
    public var description: String { message }

    /// A text of the user's in quotation marks, on one line and not too long.
    static func quote(_ text: some StringProtocol) -> String {
        let shown = text.count > 100 ? String(text.prefix(100)) + "…" : String(text)
        return shown.debugDescription
    }
}
