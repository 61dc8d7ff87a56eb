// swift-tools-version: 6.2

import PackageDescription

/// Every target of ours is compiled with these.
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (Context.environment["WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)])

let package = Package(
    name: "kazoo-subscribe",
    products: [
        .executable(name: "kazoo-subscribe", targets: ["kazoo-subscribe"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        // Without its trait for Foundation, which is not linked.
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // System libraries
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // What the processor can do and Swift cannot say
        .target(name: "CSIMD"),

        // Protocols, without IO
        .target(name: "WebSocket", dependencies: ["CSIMD"], swiftSettings: settings),
        .target(name: "Events", dependencies: ["CSIMD"], swiftSettings: settings),
        .target(name: "Blackhole", dependencies: ["Events", "Secrets"], swiftSettings: settings),
        .target(name: "Secrets", swiftSettings: settings),

        // In from the user
        .target(name: "Settings", dependencies: ["CYAML", "Events"], swiftSettings: settings),

        // Out to the network
        .target(name: "Threads", swiftSettings: settings),
        .target(name: "Network", dependencies: ["CCurl", "Threads"], swiftSettings: settings),
        .target(
            name: "Crossbar", dependencies: ["COpenSSL", "Events", "Network", "Secrets", "Threads"],
            swiftSettings: settings),

        // What was received, kept
        .target(name: "Journal", dependencies: ["CMalloc", "CSQLite", "Events", "Threads"], swiftSettings: settings),

        // Out to the user
        .target(
            name: "Consumers",
            dependencies: [
                "CZlib", "Events", "Journal", "Threads",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings),

        // Where it all meets
        .target(
            name: "Subscriber",
            dependencies: [
                "Blackhole", "CMalloc", "CSIMD", "Crossbar", "Events", "Network", "Secrets", "Threads", "WebSocket",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(
            name: "KazooSimulator",
            dependencies: [
                "Events",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .target(
            name: "SubscribeCommands",
            dependencies: [
                "Blackhole", "Consumers", "Crossbar", "Events", "Journal", "KazooSimulator", "Network", "Secrets",
                "Settings", "Subscriber", "Threads", "WebSocket",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "kazoo-subscribe",
            dependencies: [
                "SubscribeCommands",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // The client under test of the Autobahn|Testsuite: `make conformance`
        .executableTarget(
            name: "conformance-client", dependencies: ["Network", "Subscriber", "Threads"],
            path: "Tests/Conformance/Client", swiftSettings: settings),

        // Long trials over real sockets: `make chaos`, `make reconnects`, `make scale`, `make crash-test`
        .executableTarget(
            name: "trials",
            dependencies: [
                "Blackhole", "Crossbar", "Events", "Journal", "KazooSimulator", "Network", "Secrets", "Subscriber",
                "TestSupport", "Threads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Trials", swiftSettings: settings),
        .testTarget(
            name: "TrialsTests",
            dependencies: ["Blackhole", "Events", "Subscriber", "TestSupport", "Threads", "trials"],
            swiftSettings: settings),
        // What single steps of an event's way cost: `make bench`, and `.ci/check-instructions`, which counts instructions
        .executableTarget(
            name: "micro-benchmark", dependencies: ["Blackhole", "Events", "Journal", "Subscriber", "WebSocket"],
            path: "Benchmarks/Micro", swiftSettings: settings),
        // How much processor time routing takes, by the consumers that are there
        .executableTarget(
            name: "routing-benchmark", dependencies: ["Blackhole", "Events", "Subscriber"],
            path: "Benchmarks/Routing", swiftSettings: settings),
        // The file consumer against `cat`: `swift run -c release file-benchmark`
        .executableTarget(
            name: "file-benchmark", dependencies: ["Consumers", "Events"],
            path: "Benchmarks/File", swiftSettings: settings),
        // How many hooks a second
        .executableTarget(
            name: "hook-benchmark", dependencies: ["Consumers", "Events"], path: "Benchmarks/Hooks",
            swiftSettings: settings),

        // The journal against SQLite in C: `make bench-journal`
        .target(name: "JournalInC", dependencies: ["CSQLite"], path: "Benchmarks/JournalInC"),
        .executableTarget(
            name: "journal-benchmark", dependencies: ["Consumers", "Events", "Journal", "JournalInC"],
            path: "Benchmarks/Journal", swiftSettings: settings),

        // What the tests of several modules share
        .target(name: "TestSupport", dependencies: ["Events"], path: "Tests/TestSupport", swiftSettings: settings),

        // Tests mirror Sources
        .testTarget(name: "WebSocketTests", dependencies: ["TestSupport", "WebSocket"], swiftSettings: settings),
        .testTarget(name: "CSIMDTests", dependencies: ["CSIMD", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "EventsTests", dependencies: ["Events", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "BlackholeTests", dependencies: ["Blackhole", "Events", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "KazooSimulatorTests",
            dependencies: ["KazooSimulator", "Events"], swiftSettings: settings),
        .testTarget(
            name: "NetworkTests", dependencies: ["Network", "Threads", "CCurl"], swiftSettings: settings),
        .testTarget(name: "SecretsTests", dependencies: ["Secrets"], swiftSettings: settings),
        .testTarget(
            name: "SettingsTests", dependencies: ["Events", "Settings", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "ThreadsTests", dependencies: ["Threads"], swiftSettings: settings),
        .testTarget(
            name: "ConsumersTests",
            dependencies: ["CZlib", "Consumers", "Events", "Journal", "TestSupport", "Threads"],
            swiftSettings: settings),
        .testTarget(
            name: "JournalTests", dependencies: ["Events", "Journal", "TestSupport", "Threads"],
            swiftSettings: settings),
        .testTarget(
            name: "CrossbarTests", dependencies: ["Crossbar", "Events", "Network", "Secrets"], swiftSettings: settings),
        .testTarget(
            name: "SubscriberTests",
            dependencies: [
                "Blackhole", "Crossbar", "Events", "KazooSimulator", "Network", "Secrets", "Subscriber", "TestSupport",
                "Threads", "WebSocket",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SubscribeCommandsTests",
            dependencies: [
                "Blackhole", "Consumers", "Crossbar", "Events", "Journal", "KazooSimulator", "Network", "Secrets",
                "Settings", "SubscribeCommands", "Subscriber", "TestSupport", "Threads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),

        // The real program against real servers
        .testTarget(
            name: "EndToEndTests", dependencies: ["KazooSimulator", "TestSupport", "kazoo-subscribe"],
            exclude: ["Clients", "Servers"], swiftSettings: settings),
    ]
)
