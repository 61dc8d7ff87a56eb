// What simdjson takes for the same events as `micro-benchmark scan`: DOM, which validates, and on demand, which does not.
//
//     simdjson (dom|ondemand) FILE EVENTS
//
// Both find what our scanner finds: the values that tell an event's kind, its keys, its data and its message id.
#include <simdjson.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

static double processor_time() {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

static size_t dom(simdjson::dom::parser &parser, const simdjson::padded_string &event) {
    simdjson::dom::element document = parser.parse(event);
    size_t found = 0;
    for (auto key : {"action", "subscribed_key", "name", "routing_key"}) {
        found += std::string_view(document[key]).size();
    }
    std::string_view identity = document["data"]["msg_id"];
    return found + identity.size();
}

static size_t on_demand(simdjson::ondemand::parser &parser, const simdjson::padded_string &event) {
    simdjson::ondemand::document document = parser.iterate(event);
    size_t found = 0;
    // In the order in which Kazoo sends them, which suits this parser best.
    for (auto key : {"action", "subscribed_key", "name", "routing_key"}) {
        found += std::string_view(document.find_field(key)).size();
    }
    std::string_view identity = document.find_field("data").find_field("msg_id");
    return found + identity.size();
}

template <typename Parser, typename Scan>
static void measure(const char *name, const std::vector<simdjson::padded_string> &events, long count, Scan scan) {
    Parser parser;
    size_t bytes = 0, found = 0;
    double start = processor_time();
    for (long number = 0; number < count; number++) {
        const auto &event = events[size_t(number) % events.size()];
        bytes += event.size();
        found += scan(parser, event);
    }
    double taken = processor_time() - start;
    std::printf("{\"work\":\"%s\",\"events\":%ld,\"bytes\":%zu,\"cpu_seconds\":%.6f,\"result\":%zu,\"version\":\"%s\"}\n",
        name, count, bytes, taken, found, SIMDJSON_STRINGIFY(SIMDJSON_VERSION));
}

int main(int count, char **arguments) {
    if (count != 4) return 64;
    std::vector<simdjson::padded_string> events;
    std::ifstream file(arguments[2]);
    for (std::string line; std::getline(file, line);) events.emplace_back(line);
    if (events.empty()) return 66;
    long total = std::atol(arguments[3]);
    if (std::string_view(arguments[1]) == "dom") {
        measure<simdjson::dom::parser>("dom", events, total, dom);
    } else {
        measure<simdjson::ondemand::parser>("ondemand", events, total, on_demand);
    }
}
