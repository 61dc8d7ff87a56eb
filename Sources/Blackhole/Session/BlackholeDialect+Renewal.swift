public import Events

/// What is wanted, as it changes while the connection lives.
///
/// Kazoo counts, per listener, how many sessions need it, and unbinds it for everybody when nobody does
/// (`blackhole_listener.erl`, remove_bh_binding/4). A stranger's unsubscribe or a restart of the listener spoils the
/// count, and then a session hears nothing and is not told. In 4.x each subscribe counts, so repeating it heals. Kazoo 5
/// counts only the listeners that are new to the session (`bh_events.erl`, add_event_bindings_fold/2), such as those of
/// the next month's database; to heal one that it thinks the session has, it must be given up first.
extension BlackholeDialect {
    /// Wants these as well; one that had been removed is asked for anew.
    public mutating func add(_ subscriptions: [Subscription], now: ContinuousClock.Instant) -> [DialectAction] {
        guard phase != .closed else { return [] }
        var new = Set(subscriptions)
        for entry in entries.indices where new.remove(entries[entry].subscription) != nil {
            if entries[entry].isRemoved { restore(entry) }
        }
        for subscription in subscriptions where new.remove(subscription) != nil {
            waiting.append(entries.count)
            entries.append(SubscriptionEntry(subscription: subscription))
            unsettled += 1
        }
        return settleAnew(now: now)
    }

    /// Does not want these any longer. Kazoo goes on sending their events, because an unsubscribe reaches beyond the
    /// session.
    public mutating func remove(_ subscriptions: Set<Subscription>) {
        for entry in entries.indices
        where !entries[entry].isRemoved && subscriptions.contains(entries[entry].subscription) {
            switch entries[entry].progress {
            case .wanted: settle(entry)
            // The request keeps its place in flight, and its reply or the lack of one settles it.
            case .pending: unsettled -= 1
            case .settled: break
            }
            entries[entry].isRemoved = true
        }
    }

    /// Makes what is confirmed anew, asks once more for what was refused, and asks again for what is being asked for.
    ///
    /// In Kazoo 5 a ``Renewal/recounting`` gives each subscription up and asks for it right behind, in one go: two
    /// requests to the pace. What has no listener of its own there stays confirmed as it is.
    public mutating func renew(_ renewal: Renewal, now: ContinuousClock.Instant) -> [DialectAction] {
        guard phase == .open else { return [] }
        for entry in entries.indices where !entries[entry].isRemoved {
            if renewal == .recounting {
                let hasListener = entries[entry].subscription.hasListener
                if !hasListener, isRenewedByRepeating == false, !entries[entry].isRefused { continue }
                entries[entry].isToBeRecounted = hasListener
            }
            want(entry)
        }
        return settleAnew(now: now)
    }

    /// Wants a removed subscription again.
    ///
    /// It may have missed renewals, so what was confirmed is so no longer; a refusal stands until Kazoo says otherwise.
    private mutating func restore(_ entry: Int) {
        entries[entry].isRemoved = false
        if entries[entry].isConfirmed { entries[entry].outcome = nil }
        if entries[entry].progress == .pending { unsettled += 1 }
        want(entry)
    }

    private mutating func settleAnew(now: ContinuousClock.Instant) -> [DialectAction] {
        guard phase == .open else { return [] }
        readinessOwedSince = readinessOwedSince ?? now
        return proceed(now: now)
    }
}

extension Subscription {
    /// Whether a listener of its own stands behind it in Kazoo 5, which can be lost.
    ///
    /// Calls have none: one handler, made when the listener starts, hears those of all accounts, and binding or unbinding
    /// a `hook` does nothing (`blackhole_listener.erl`, init/1 and add_bh_binding/1). Every other module names AMQP
    /// listeners (`bh_conference.erl`, `bh_fax.erl`, `bh_object.erl`, `bh_presence.erl`, `bh_stream.erl`, and those that
    /// the grammar does not list: `bh_dialog.erl`, `bh_live.erl`, `bh_notifications.erl`, `bh_relay.erl`).
    fileprivate var hasListener: Bool { binding.family != .known("call") }
}
