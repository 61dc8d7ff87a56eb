import Blackhole

/// What can be subscribed to, by family, as Kazoo's templates say it and with what we know about them.
struct BindingList: Equatable, Sendable {
    /// Templates that one form of our grammar covers, or one that it does not know.
    struct Entry: Equatable, Sendable {
        /// The form, such as `call.{EVENT}.{CALL_ID}`; the template itself where we do not know it.
        var template: String
        /// What it brings; `nil` where we do not know it.
        var summary: String?
        /// The words that may stand in place of the form's words in braces.
        var choices: [Choice] = []
        /// Kazoo's templates, beginning with the family, as a binding does.
        var offered: [String]
    }

    /// What may stand in one place of a form.
    struct Choice: Equatable, Sendable {
        var name: String
        var words: [String]
    }

    struct Family: Equatable, Sendable {
        var name: String
        var entries: [Entry]
    }

    let families: [Family]

    /// What Kazoo 4.x and 5 offer, as far as this program knows.
    static let builtIn = BindingList(
        offered: BindingGrammar.families.map { family in
            (family, BindingGrammar.forms.filter { $0.family == family }.flatMap(templates))
        })

    /// Sorts what a cluster offers.
    ///
    /// - Parameter offered: the families with their templates, in the server's order, which is kept.
    init(offered: [(family: String, templates: [String])]) {
        families = offered.map { family, templates in
            Family(name: family, entries: Self.entries(templates.map { Self.qualified($0, family: family) }))
        }
    }

    /// The template as a binding begins: Kazoo lists presence without its family, and wants it in a subscription.
    private static func qualified(_ template: String, family: String) -> String {
        template == family || template.hasPrefix(family + ".") ? template : "\(family).\(template)"
    }

    /// One entry for each form, where its first template stands.
    private static func entries(_ templates: [String]) -> [Entry] {
        var entries: [Entry] = []
        for template in templates {
            guard let form = BindingGrammar.forms.first(where: { covers($0, template) }) else {
                entries.append(Entry(template: template, offered: [template]))
                continue
            }
            if let position = entries.firstIndex(where: { $0.template == form.template }) {
                entries[position].offered.append(template)
            } else {
                entries.append(Entry(template: form.template, summary: form.summary, offered: [template]))
            }
        }
        return entries.flatMap(joined)
    }

    /// The entry with the words that are on offer, where they can be combined freely; otherwise one for each template.
    private static func joined(_ entry: Entry) -> [Entry] {
        guard let form = BindingGrammar.forms.first(where: { $0.template == entry.template }) else { return [entry] }
        var joined = entry
        var combinations = 1
        for (place, name) in parts(of: form.template).enumerated() where form.choices[place].count > 1 {
            let words = entry.offered.map { parts(of: $0)[place] }.reduce(into: [String]()) { words, word in
                if !words.contains(word) { words.append(word) }
            }
            combinations *= words.count
            // Where Kazoo gives no words but a placeholder, ours are shown.
            let isNamed = !words.contains(where: isPlaceholder)
            joined.choices.append(
                Choice(name: name.filter { !"{}".contains($0) }, words: isNamed ? words : form.choices[place]))
        }
        guard combinations == Set(entry.offered).count else {
            return entry.offered.map { Entry(template: $0, summary: entry.summary, offered: [$0]) }
        }
        return [joined]
    }

    /// Whether a template is one of a form's.
    private static func covers(_ form: BindingGrammar.Form, _ template: String) -> Bool {
        let words = parts(of: template)
        guard words.count == form.choices.count else { return false }
        return zip(words, form.choices).allSatisfy { word, choices in
            choices.isEmpty || choices.contains(word) || (choices.count > 1 && (word == "*" || isPlaceholder(word)))
        }
    }

    /// Whether a word of a template stands for others.
    private static func isPlaceholder(_ word: String) -> Bool { word.hasPrefix("{") && word.hasSuffix("}") }

    /// Every template of a form.
    private static func templates(of form: BindingGrammar.Form) -> [String] {
        zip(parts(of: form.template), form.choices).reduce([""]) { beginnings, place in
            let words = place.1.isEmpty ? [place.0] : place.1
            return beginnings.flatMap { beginning in words.map { beginning.isEmpty ? $0 : "\(beginning).\($0)" } }
        }
    }

    private static func parts(of template: String) -> [String] {
        template.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }
}
