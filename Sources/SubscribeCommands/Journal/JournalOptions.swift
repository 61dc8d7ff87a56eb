import Journal

/// How a journal is kept, by a name that the section of the config file has not taken.
typealias JournalOptions = JournalSettings
