// Blackhole
