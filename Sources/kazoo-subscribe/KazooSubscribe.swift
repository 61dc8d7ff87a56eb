import SubscribeCommands

@main
enum KazooSubscribe {
    static func main() async { await Root.run() }
}
