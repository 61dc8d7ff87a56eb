/// Somebody with an extension in a simulated account.
struct Person: Equatable, Sendable {
    var firstName: String
    var lastName: String
    var extensionNumber: String
    var userID: String
    var deviceID: String
    var userAgent: String

    var name: String { "\(firstName) \(lastName)" }

    static let firstNames = [
        "Änne", "Jörg", "Zoë", "José", "Søren", "Łucja", "Aylin", "Bjørn", "Chloé", "Dmitrij", "Émile", "Fatima",
        "Grace", "Håkon", "Inês", "Jürgen", "Kwame", "Lin", "Mei", "Noah", "Olga", "Priya", "Quentin", "Renée",
        "Sara", "Tomás", "Ursula", "Víctor", "Wei", "Yuki",
    ]
    static let lastNames = [
        "Müller", "Söhne", "O'Brien", "García", "Østergaard", "Wójcik", "Yılmaz", "Nguyễn", "Dupont", "Ivanova",
        "Smith", "Çelik", "Andersson", "Fernández", "Weiß", "Kowalski", "Okafor", "Tanaka", "Schröder", "Rossi",
        "Jensen", "Novák", "Silva", "Van der Berg", "Zhang", "Peeters", "Brown", "Kaya", "Lindqvist", "Moreau",
    ]
    static let userAgents = [
        "Yealink SIP-T46S 66.85.0.5", "Yealink SIP-T54W 96.86.0.75", "PolycomVVX-VVX_450-UA/6.4.3.3156",
        "snomD785/10.1.159.12", "Grandstream GXP2170 1.0.11.84", "Bria iOS release 6.12.2", "Cisco/SPA504G-7.6.2f",
    ]

    /// Makes up a person; the number is that of the extension.
    static func invented(_ number: Int, random: inout RandomSource) -> Person {
        Person(
            firstName: random.pick(firstNames), lastName: random.pick(lastNames), extensionNumber: String(number),
            userID: random.hex(32), deviceID: random.hex(32), userAgent: random.pick(userAgents))
    }
}

/// An account as the story sees it.
struct Office: Sendable {
    let account: SimulatedAccount
    let database: String
    var people: [Person]
}
