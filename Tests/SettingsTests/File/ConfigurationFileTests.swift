import Foundation
import Testing

@testable import Settings

@Suite final class ConfigurationFileTests {
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    private func write(_ text: String, to name: String) throws -> String {
        let url = directory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    @Test func readsAFile() throws {
        let path = try write("a: 1\n", to: "a.yaml")
        let file = try ConfigurationFile(path)
        #expect(file.text == Array("a: 1\n".utf8))
        #expect(file.document.root?["a"]?.origin.description == "\(path):1:4")
        #expect(chmod(path, 0o640) == 0)
        #expect(try ConfigurationFile(path).permissions == 0o640)
    }

    @Test func saysWhyItCannot() {
        let missing = #expect(throws: ConfigurationFile.ReadError.self) {
            try ConfigurationFile("/nowhere/config.yaml")
        }
        #expect(missing?.description == "/nowhere/config.yaml: No such file or directory")
        #expect(missing?.isMissing == true)
        let folder = #expect(throws: ConfigurationFile.ReadError.self) { try ConfigurationFile(directory.path) }
        #expect(folder?.reason == "Is a directory")
        #expect(folder?.isMissing == false)
    }

    @Test func readsNoMoreThanIsOfUse() throws {
        let file = try ConfigurationFile("/dev/zero")
        #expect(file.text.count == YAMLDocument.sizeLimit + 1)
        #expect(file.permissions == nil)
        #expect(file.document.problems.count == 1)
    }

    @Test(arguments: [
        (false, ["XDG_CONFIG_HOME": "/xdg", "HOME": "/home/me"], ["/xdg/kazoo-subscribe/config.yaml"]),
        (false, ["HOME": "/home/me"], ["/home/me/.config/kazoo-subscribe/config.yaml"]),
        (false, ["XDG_CONFIG_HOME": "xdg", "HOME": "/home/me"], []),
        (false, [:], []),
        (true, ["XDG_CONFIG_HOME": "/xdg", "HOME": "/root"], []),
    ])
    func looksInTheUsualPlaces(isRoot: Bool, variables: [String: String], own: [String]) {
        #expect(
            ConfigurationFile.standardPaths(isRoot: isRoot) { variables[$0] }
                == own + ["/etc/kazoo-subscribe/config.yaml"])
    }

    @Test func takesAPlainUsersFile() throws {
        let path = try write("a: 1\n", to: "kazoo-subscribe/config.yaml")
        let (file, errors) = ConfigurationFile.standard(isRoot: false) {
            $0 == "XDG_CONFIG_HOME" ? self.directory.path : nil
        }
        #expect(file?.path == path)
        #expect(errors == [])
    }

    @Test func saysWhichFileCannotBeRead() throws {
        let path = try write("", to: "kazoo-subscribe/config.yaml/in-the-way")
        let (file, errors) = ConfigurationFile.standard(isRoot: false) {
            $0 == "XDG_CONFIG_HOME" ? self.directory.path : nil
        }
        #expect(file?.path != path)
        #expect(errors.map(\.description) == ["\(directory.path)/kazoo-subscribe/config.yaml: Is a directory"])
    }
}
