/// What all of the cluster knows, its REST API and each of its event servers: who there is, and whose tokens are good.
struct ClusterRecords: Sendable {
    var directory: Directory
    var tokens = TokenTable()
}
