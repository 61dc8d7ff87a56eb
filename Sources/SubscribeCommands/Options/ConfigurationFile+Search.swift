import Glibc
import Settings

extension ConfigurationFile {
    /// The file that is named, or else the standard one.
    ///
    /// - Parameter config: the path; `nil` for the standard ones.
    /// - Returns: the file, `nil` where there is no standard one; and the standard ones that cannot be read.
    static func find(_ config: String?) throws(ReadError) -> (file: ConfigurationFile?, unreadable: [ReadError]) {
        if let config { return (try ConfigurationFile(config), []) }
        let (file, errors) = standard(isRoot: geteuid() == 0) { Environment[$0] }
        return (file, errors)
    }
}
