// Crossbar
