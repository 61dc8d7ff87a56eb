import Events
import Subscriber

/// How many attempts a session may make, by its own back-off: more is a storm.
///
/// After a failure a session waits between nothing and a bound that doubles, half of it in the mean. So in any ten seconds
/// it makes about five attempts when everything fails from the beginning: waits of 0.25, 0.5, 1, 2 and 4 seconds.
/// Twelve of them have a chance of one in many thousands.
struct StormBound: Sendable {
    /// The stretch in which attempts are counted.
    static let window: Duration = .seconds(10)
    /// How many one place for a connection may make in it.
    static let attempts = 12

    /// The most attempts within any stretch.
    static func most(_ moments: [Timestamp]) -> Int {
        let moments = moments.sorted()
        var (most, first) = (0, 0)
        for last in moments.indices {
            while moments[last] - moments[first] > window { first += 1 }
            most = max(most, last - first + 1)
        }
        return most
    }

    /// Whether that is a storm.
    ///
    /// - Parameter lanes: how many connections the session keeps at most; 1 for logins.
    static func isStorm(_ moments: [Timestamp], lanes: Int) -> Bool { most(moments) > attempts * lanes }
}
