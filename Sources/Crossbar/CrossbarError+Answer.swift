import Events
import Network
import Secrets

extension CrossbarError {
    /// What was asked when the answer came.
    enum Occasion {
        case login(Credentials)
        case request(String)
    }

    /// Explains an answer that is not a success.
    init(_ answer: CrossbarAnswer, from server: ServerURL, at occasion: Occasion) {
        let (code, message) = Self.explain(answer, at: occasion)
        self.init(code: code, message: "\(server): \(message)", status: answer.response.status)
    }

    /// What the answer may repeat of what was sent, and its own token.
    private static func secrets(_ answer: CrossbarAnswer, at occasion: Occasion) -> [Secret] {
        let token = answer.authToken.map { [Secret($0)] } ?? []
        switch occasion {
        case .login(.user(let hash, _)): return [hash.value] + token
        case .login(.apiKey(let key)): return [key] + token
        case .request: return token
        }
    }

    private static func explain(_ answer: CrossbarAnswer, at occasion: Occasion) -> (Code, String) {
        let status = answer.response.status
        let complaint = answer.complaint(without: secrets(answer, at: occasion))
        // Kazoo's crashes and gateways' errors may come without Kazoo's envelope: the status is what counts.
        if status == 407 {
            return (
                .notKazoo,
                "the proxy wants a user name and password (407): name them in the proxy variable, http://USER:PASSWORD@PROXY:PORT"
            )
        }
        if status == 429 {
            return (.rateLimited, "too many requests from this address (429): Kazoo's bucket is empty; wait a minute")
        }
        if status >= 500 {
            let words = complaint.isEmpty ? "" : ": \(complaint)"
            return (.serverFailed, "Kazoo failed (\(status))\(words); try again, and look into Kazoo's log if it stays")
        }
        guard answer.isKazoo else {
            return (
                .notKazoo,
                "whatever answers there (status \(status)) is not Kazoo's API; --server wants Crossbar, usually port 8000, or 8443 for https"
            )
        }
        if answer.data?["multi_factor_request"] != nil {
            return (.secondFactorRequired, "the login wants a second factor; use a user without one, or an API key")
        }
        if complaint.contains("account expired") || complaint.contains("disabled") {
            return (.accountDisabled, "\(complaint); an administrator must enable it")
        }
        switch (status, occasion) {
        case (401, .login(.user(_, let account))):
            let (key, value) = account.field
            return (
                .wrongCredentials,
                "wrong credentials or account: user name, password, --hash or \(key) “\(value)” is wrong; Kazoo does not say which"
            )
        case (401, .login(.apiKey)):
            return (.wrongCredentials, "the API key is not accepted")
        case (404, .login(.apiKey)):
            return (.unknownAPIKey, "the API key is unknown to this cluster")
        case (401, .request):
            return (.tokenRefused, "the auth token is not accepted, or has expired; log in again")
        case (403, _):
            return (.forbidden, "this login may not do that (403): \(complaint)")
        case (404, .request(let path)):
            return (.notFound, "\(path) does not exist there: \(complaint)")
        case (400, _):
            return (.invalidRequest, "Kazoo refuses the request: \(complaint)")
        default:
            return (.notKazoo, "unexpected answer \(status): \(complaint)")
        }
    }
}
