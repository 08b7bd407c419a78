// Containers and algorithms of the standard library.
#include <algorithm>
#include <array>
#include <bitset>
#include <cstdio>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <numeric>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

int main() {
  std::mt19937_64 random(42);
  std::vector<int> numbers(3000);
  for (int &n : numbers) n = static_cast<int>(random() % 2000);
  std::map<int, std::string> ordered;
  std::unordered_map<std::string, int> counts;
  for (int n : numbers) {
    ordered[n] += std::to_string(n % 7);
    counts["key" + std::to_string(n % 97)] += n;
  }
  std::size_t length = 0;
  for (const auto &[key, value] : ordered) length += value.size() * static_cast<std::size_t>(key);
  std::printf("%zu %zu %d\n", ordered.size(), length, counts.at("key13"));
  for (int n = 0; n < 2000; n += 3) ordered.erase(n);
  std::printf("%zu %d\n", ordered.size(), ordered.lower_bound(1500)->first);
  std::sort(numbers.begin(), numbers.end());
  auto unique = std::unique(numbers.begin(), numbers.end());
  std::printf("%td %d\n", unique - numbers.begin(), std::accumulate(numbers.begin(), unique, 0));
  std::stable_sort(numbers.begin(), unique, [](int a, int b) { return a % 10 < b % 10; });
  std::printf("%d %d %d\n", numbers[0], numbers[100], numbers[777]);
  std::priority_queue<long> heap;
  std::deque<long> deque;
  std::list<long> list;
  std::set<std::string> words;
  for (int i = 0; i < 1000; i++) {
    heap.push(static_cast<long>(random() % 100000));
    (i % 2 ? deque.push_back(i), 0 : (deque.push_front(i), 0));
    list.push_back(static_cast<long>(random() % 1000));
    words.insert(std::string(static_cast<std::size_t>(i % 40), static_cast<char>('a' + i % 26)));
  }
  list.sort();
  list.unique();
  long top = 0;
  for (int i = 0; i < 10; i++) top = top * 3 + heap.top(), heap.pop();
  std::printf("%ld %ld %ld %zu %zu %s\n", top, deque[10], deque[900], list.size(), words.size(), words.rbegin()->c_str());
  std::bitset<200> bits;
  for (int i = 0; i < 200; i += 7) bits.flip(static_cast<std::size_t>(i));
  std::string text(200, 'x');
  text.replace(10, 5, "replacement").insert(0, "front ").append(30, '.');
  std::printf("%zu %s\n%zu %zu\n", bits.count(), text.c_str(), text.find("place"), text.rfind('x'));
  auto shared = std::make_shared<std::array<int, 50>>();
  std::weak_ptr<std::array<int, 50>> weak = shared;
  auto another = shared;
  std::printf("%ld ", weak.use_count());
  shared.reset(), another.reset();
  std::printf("%d\n", weak.expired());
  std::uniform_real_distribution<double> real(-1, 1);
  std::normal_distribution<double> normal(0, 2);
  std::printf("%a %a\n", real(random), normal(random));
}
