import Blackhole
import Settings
import Subscriber

extension ConsumerSettings {
    /// Its type, with what this program makes of it.
    var outletType: any OutletType {
        guard let type = type as? any OutletType else {
            preconditionFailure("\(Swift.type(of: type)) is among the types of this program, and is none")
        }
        return type
    }

    /// The bindings whose events it gets; none for all of them.
    func parsedBindings() throws(UsageError) -> [Binding] {
        try bindings.map { text throws(UsageError) in try text.binding() }
    }

    /// What it gets of events that it reads by itself.
    func filter() throws(UsageError) -> RouteFilter {
        RouteFilter(bindings: try parsedBindings(), matches: matches, showsGaps: showsGaps)
    }
}
