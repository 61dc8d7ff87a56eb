import Blackhole

/// What is wanted, as it changes, and the lanes that carry it.
extension SessionMachine {
    /// Wants these from now on instead of what was wanted before.
    ///
    /// What stays is not touched on its connections. A change that is not possible changes nothing: a session that has
    /// run for months does not end because of it. In either case ``Action/ready(confirmed:refused:)`` is told anew.
    mutating func want(_ wanted: [SessionConfiguration.Wanted], now: ContinuousClock.Instant) -> [Action] {
        guard !isOver else { return [] }
        isReady = false
        var changed = wishes
        changed.change(to: wanted)
        guard hasLoggedIn else {
            wishesAtStart = wishesAtStart ?? wishes
            return adopt(changed, now: now) + advance(now: now)
        }
        do throws(SessionFailure) { try check(changed) } catch {
            return [.changeRefused(error)] + tellWhenReady()
        }
        return adopt(changed, now: now) + arrange(now: now) + advance(now: now)
    }

    /// Lays out what is wanted as soon as the token's account is known, as far as the token tells.
    ///
    /// A change from before that turns out not to be possible is taken back.
    mutating func arrangeAfterLogin(now: ContinuousClock.Instant) -> [Action] {
        guard !hasLoggedIn else { return [] }
        hasLoggedIn = true
        var actions: [Action] = []
        if let wishesAtStart {
            do throws(SessionFailure) { try check(wishes) } catch {
                _ = adopt(wishesAtStart, now: now)
                actions.append(.changeRefused(error))
            }
            self.wishesAtStart = nil
        }
        return actions + arrange(now: now)
    }

    private func check(_ wishes: Wishes) throws(SessionFailure) {
        if wishes.includesDescendants, ownAccount == nil {
            throw SessionFailure(
                .rejected, "the token does not name its account, so nobody knows what is below it")
        }
        _ = try wishes.subscriptions(own: ownAccount, descendants: descendants ?? [])
    }

    private mutating func adopt(_ changed: Wishes, now: ContinuousClock.Instant) -> [Action] {
        let (before, after) = (Set(wishes.wanted), Set(changed.wanted))
        wishes = changed
        if !wishes.includesDescendants {
            (poll, descendants) = (nil, nil)
        } else if poll == nil {
            poll = AccountsPoll(interval: policy.accountsInterval, now: now)
        }
        return [.changed(added: after.subtracting(before).count, removed: before.subtracting(after).count)]
    }

    // MARK: Lanes

    /// Turns what is wanted into subscriptions, and these into lanes.
    ///
    /// What needs no list of accounts does not wait for it; but a command that ends when everything is refused has to know
    /// everything first.
    mutating func arrange(now: ContinuousClock.Instant) -> [Action] {
        let isStarting = !wasReady && policy.endsBeforeFirstReady
        if isStarting, isAwaitingAccounts { return [] }
        let wanted: [(subscription: Subscription, occasion: Wishes.Occasion)]
        do throws(SessionFailure) {
            wanted = try wishes.subscriptions(own: ownAccount, descendants: descendants ?? [])
        } catch {
            return end(error)
        }
        if wanted.isEmpty, wishes.includesDescendants, isStarting {
            return end(
                SessionFailure(.rejected, "the account has no descendants yet: there is nothing to subscribe to"))
        }
        wishes.areLaidOut(areDescendantsKnown: descendants != nil)
        if let crowdedAt, now - crowdedAt >= policy.crowdMemory { plan.growAgain() }
        let change = plan.update(to: wanted.map(\.subscription))
        var actions: [Action] = []
        let removed = change.removed.values.reduce(into: Set()) { $0.formUnion($1) }
        let added = Set(change.added.values.joined())
        for occasion in Wishes.Occasion.allCases {
            let new = wanted.lazy.filter { $0.occasion == occasion && added.contains($0.subscription) }
            if !new.isEmpty { actions.append(.want(new.map(\.subscription), occasion)) }
        }
        if !removed.isEmpty { actions.append(.unwant(removed)) }
        return actions + follow(change) + tellWhenReady()
    }

    /// Makes the lanes fit the plan.
    mutating func follow(_ change: SubscriptionPlan.Change) -> [Action] {
        var actions: [Action] = []
        for (share, subscriptions) in change.removed.sorted(by: { $0.key < $1.key }) {
            actions += order(share) { .remove($0, subscriptions) }
        }
        for (share, subscriptions) in change.added.sorted(by: { $0.key < $1.key }) {
            actions += order(share) { .add($0, subscriptions) }
            // What is new may be accepted where everything before was refused.
            for index in lanes.indices where lanes[index].share == share && lanes[index].isRefused {
                (lanes[index].isRefused, lanes[index].restsUntil) = (false, nil)
            }
        }
        for share in change.emptiedShares {
            for lane in lanes where lane.share == share { actions += lane.links.map { .leave($0.id) } }
            lanes.removeAll { $0.share == share }
        }
        for share in change.newShares {
            for replica in 0..<policy.redundancy {
                lanes.append(Lane(share: share, replica: replica, urlIndex: replica % urlCount))
            }
        }
        return actions
    }

    /// Gives an order to every connection of a share.
    private mutating func order(_ share: Int, _ action: (ConnectionID) -> Action) -> [Action] {
        var actions: [Action] = []
        for index in lanes.indices where lanes[index].share == share {
            lanes[index].link?.orders += 1
            lanes[index].successor?.orders += 1
            actions += lanes[index].links.map { action($0.id) }
        }
        return actions
    }
}
