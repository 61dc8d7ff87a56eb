import Testing

@testable import Blackhole
