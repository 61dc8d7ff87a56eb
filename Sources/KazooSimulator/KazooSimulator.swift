// KazooSimulator
