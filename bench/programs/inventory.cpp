// An inventory: orders as text, read, checked, counted and sorted with the standard library, as large C++ programs do.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

struct Item {
  explicit Item(std::string name) : name(std::move(name)) {}
  virtual ~Item() = default;
  virtual long value(long count) const = 0;
  std::string name;
};

struct Plain : Item {
  using Item::Item;
  long value(long count) const override { return 3 * count; }
};

struct Fragile : Item {
  using Item::Item;
  long value(long count) const override {
    if (count > 90) throw std::out_of_range(name + " breaks");
    return 5 * count;
  }
};

int main(int, char **argv) {
  const long rounds = std::atol(argv[1]);
  std::map<std::string, std::unique_ptr<Item>> items;
  for (int i = 0; i < 100; i++) {
    std::string name = "item" + std::to_string(i);
    if (i % 3 == 0) items[name] = std::make_unique<Fragile>(name);
    else items[name] = std::make_unique<Plain>(name);
  }
  unsigned state = 1;
  auto next = [&state](unsigned below) { return (state = state * 1664525u + 1013904223u) / 65536 % below; };
  long broken = 0;
  std::unordered_map<std::string, long> totals;
  for (long round = 0; round < rounds; round++) {
    std::ostringstream orders;
    for (int i = 0; i < 50; i++) orders << "item" << next(110) << ' ' << next(100) << '\n';
    std::istringstream lines(orders.str());
    std::string name;
    for (long count; lines >> name >> count;) {
      try {
        totals[name] += items.at(name)->value(count);
      } catch (const std::out_of_range &) {
        broken++;
      }
    }
  }
  std::vector<std::pair<std::string, long>> sorted(totals.begin(), totals.end());
  std::sort(sorted.begin(), sorted.end(), [](auto &a, auto &b) { return a.second > b.second || (a.second == b.second && a.first < b.first); });
  std::cout << sorted.size() << ' ' << sorted.front().first << ' ' << sorted.front().second << ' ' << broken << '\n';
}
