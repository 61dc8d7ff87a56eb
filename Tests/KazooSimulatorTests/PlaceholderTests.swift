import Testing

@testable import KazooSimulator
