import Subprocess
import SystemPackage

/// An event on a hook's standard input; a hook that does not read it is not at fault.
struct EventInput: InputProtocol {
    let bytes: [UInt8]

    func write(with writer: StandardInputWriter) async throws {
        do throws(SubprocessError) {
            _ = try await writer.write(bytes)
        } catch {
            // It closed its standard input, or ended.
            guard error.underlyingError == .brokenPipe else { throw error }
        }
    }
}
