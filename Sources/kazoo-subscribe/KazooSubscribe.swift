@main
struct KazooSubscribe {
    static func main() {}
}
