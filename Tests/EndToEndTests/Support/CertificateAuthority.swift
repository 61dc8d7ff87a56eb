import Foundation

/// A certificate authority of the test's own, made by openssl.
struct CertificateAuthority {
    private let stage: Stage
    private let name: String

    /// The authority's certificate, PEM.
    let certificate: String
    private let key: String

    /// A certificate with its key, PEM: apart, and both in one file as HAProxy wants them.
    struct Identity {
        let certificate: String
        let key: String
        let both: String
    }

    init(_ name: String, on stage: Stage) async throws {
        self.stage = stage
        self.name = name
        certificate = stage.directory.appendingPathComponent("\(name).pem").path
        key = stage.directory.appendingPathComponent("\(name).key").path
        try await stage.run(
            "openssl",
            Self.request(certificate, key, subject: name) + [
                "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
            ])
    }

    /// Issues a certificate for these names, written as `subjectAltName` wants them.
    func issue(_ subject: String, names: String) async throws -> Identity {
        func path(_ ending: String) -> String {
            stage.directory.appendingPathComponent("\(name)-\(subject).\(ending)").path
        }
        try await stage.run(
            "openssl",
            Self.request(path("pem"), path("key"), subject: subject) + [
                "-CA", certificate, "-CAkey", key, "-addext", "subjectAltName=\(names)",
                "-addext", "basicConstraints=critical,CA:FALSE",
            ])
        let both = try [path("pem"), path("key")].map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
        return Identity(
            certificate: path("pem"), key: path("key"), both: try stage.file("\(name)-\(subject)-both.pem", both))
    }

    private static func request(_ certificate: String, _ key: String, subject: String) -> [String] {
        [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2",
            "-subj", "/CN=\(subject)", "-keyout", key, "-out", certificate,
        ]
    }
}
