import Consumers
import Events
import Testing

/// What becomes of events that want to be more than one argument.
@Suite(.timeLimit(.minutes(10))) struct HookArgumentTests {
    private static let hostile = [
        "$(reboot)", "`reboot`", "; rm -rf /", "a\nb\r\n", "'", "\"", "\\", "*", "$HOME", "a b", "", "ü€𝄞", "%s%n",
        "\t", "|| true",
    ]

    @Test(arguments: hostile) func `stays one argument`(value: String) async throws {
        let bench = try HookBench(arguments: ["{data.id}", "id={data.id};{name}", "end"])
        let event = #"{"name":\#(JSONString.encode(value)),"data":{"id":\#(JSONString.encode(value))}}"#
        #expect(try await bench.deliver(event) == nil)
        #expect(bench.arguments == [value, "id=\(value);\(value)", "end"])
    }

    @Test func `strings are text, everything else is JSON, null is nothing`() async throws {
        let bench = try HookBench(arguments: [
            "{data.n}", "{data.b}", "{data.o}", "{data.l.1}", "{data.nil?}", "{data.no?}", "{{}}",
        ])
        #expect(try await bench.deliver(#"{"data":{"n":1e3,"b":true,"o":{"a" : 1},"l":[1,"zwei"],"nil":null}}"#) == nil)
        #expect(bench.arguments == ["1e3", "true", #"{"a" : 1}"#, "zwei", "", "", "{}"])
    }

    @Test(arguments: [#"{"name":"X"}"#, #"{"data":{}}"#, #"{"data":{"id":null}}"#, #"{"data":"id"}"#])
    func `a missing path gives the event up`(event: String) async throws {
        let bench = try HookBench(arguments: ["{data.id}"])
        let failure = try #require(try await bench.deliver(event))
        #expect(failure.remedy == .giveUp)
        #expect(failure.description == "the event has no data.id, which the command needs; {data.id?} would do without")
        #expect(bench.out == nil, "nothing was started")
    }

    @Test func `a NUL byte gives the event up`() async throws {
        let bench = try HookBench(arguments: ["{data.id}"])
        let failure = try #require(try await bench.deliver(#"{"data":{"id":"a\u0000; b"}}"#))
        #expect(failure == ConsumerFailure(.giveUp, "data.id holds a NUL byte, which no argument can"))
        #expect(bench.out == nil)
    }

    @Test(arguments: ["-rf", "--help", "-"]) func `a value is never an option`(value: String) async throws {
        let event = #"{"data":{"id":"\#(value)"}}"#
        let bare = try HookBench(arguments: ["{data.id}"])
        let failure = try #require(try await bare.deliver(event))
        #expect(failure.remedy == .giveUp)
        #expect(failure.description.contains("would be taken for an option"))
        #expect(bare.out == nil)

        let guarded = try HookBench(arguments: ["--id={data.id}", "--", "{data.id}"])
        #expect(try await guarded.deliver(event) == nil)
        #expect(guarded.arguments == ["--id=\(value)", "--", value])
    }

    @Test func `what Linux would refuse is given up before`() async throws {
        let bench = try HookBench(arguments: ["{data.id}"])
        let long = String(repeating: "x", count: 1 << 20)
        let failure = try #require(try await bench.deliver(#"{"data":{"id":"\#(long)"}}"#))
        #expect(failure.remedy == .giveUp)
        #expect(failure.description.hasPrefix("an argument would have 1048576 bytes"))

        let most = String(repeating: "x", count: 32 * 4096 - 1)
        #expect(try await bench.deliver(#"{"data":{"id":"\#(most)"}}"#) == nil)
        #expect(bench.arguments == [most])

        let many = try HookBench(arguments: Array(repeating: "{data.id}", count: 40))
        let total = try #require(try await many.deliver(#"{"data":{"id":"\#(most)"}}"#))
        #expect(total.remedy == .giveUp)
        #expect(total.description.hasPrefix("arguments and environment would have 52"))
    }

    @Test(arguments: [
        ("{data.id", "has no end"), ("data.id}", "without an opening one"), ("{}", "is no placeholder"),
        ("{data..id}", "is no placeholder"), (#"{"a":1}"#, "is no placeholder"), ("{a b}", "is no placeholder"),
        ("a\0b", "NUL byte"),
    ])
    func `mistakes are found at the start`(argument: String, complaint: String) throws {
        let error = #expect(throws: HookCommandError.self) {
            try HookCommand(["/bin/true", argument], environment: HookEnvironment())
        }
        #expect(error?.message.contains(complaint) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("/nowhere/hook", "No such file or directory"), ("/etc/passwd", "Permission denied"),
        ("/usr", "this is no file"),
        ("bin/true", "write its whole path"), ("no-such-hook", "there is no program no-such-hook in"),
        ("", "no program"),
        ("/bin/{data.id}", "an event cannot choose the program"),
    ])
    func `the program must be there`(program: String, complaint: String) throws {
        let error = #expect(throws: HookCommandError.self) {
            try HookCommand([program], environment: HookEnvironment())
        }
        #expect(error?.message.contains(complaint) == true, "\(String(describing: error))")
    }

    @Test func `a program is found in PATH`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("hook", "#!/bin/sh\n", mode: 0o755)
        let environment = try HookEnvironment(adding: ["PATH": "/nowhere:relative:\(folder.path)"])
        #expect(try HookCommand(["hook"], environment: environment).program == path)
    }

    @Test(arguments: ["echo {data.id}", "echo '{name}'", "x={data.id?}", "echo {routing_key}; {data}"])
    func `no event becomes part of a script`(script: String) throws {
        let error = #expect(throws: HookCommandError.self) {
            try HookCommand(shell: script, environment: HookEnvironment())
        }
        #expect(error?.message.contains("is not filled in here") == true, "\(String(describing: error))")
    }

    @Test(arguments: ["awk '{print}'", "echo ${name}", "jq '{name, id: .data.id}'", "echo {a,b}", "f() { true; }; f"])
    func `braces of a script are its own`(script: String) throws {
        #expect(throws: Never.self) { try HookCommand(shell: script, environment: HookEnvironment()) }
    }

    @Test(arguments: [["1A": "x"], ["": "x"], ["A=B": "x"], ["A": "a\0b"]])
    func `a variable that cannot be`(variables: [String: String]) {
        #expect(throws: HookCommandError.self) { try HookEnvironment(adding: variables) }
    }
}
