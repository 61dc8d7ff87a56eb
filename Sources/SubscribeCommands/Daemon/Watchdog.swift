import Subscriber

extension ServiceManager {
    /// Tells systemd again and again that the session's loop turns, and that tasks get their turn, until the session is
    /// asked to end. What hangs is told by silence.
    func watch(_ control: SessionControl) async {
        guard let watchdogTimeout else { return }
        var turns = control.turns
        while !control.isStopped {
            control.prod()
            do { try await Task.sleep(for: watchdogTimeout / 4) } catch { return }
            if control.turns != turns { isAlive() }
            turns = control.turns
        }
    }
}
