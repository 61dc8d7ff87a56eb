public import Events
import Glibc

extension Timestamp {
    /// The present, by the system's clock. Protocols are given the time; only drivers and logs ask for it.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
