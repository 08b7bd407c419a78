// Constructors of static objects, virtual and multiple inheritance, templates, lambdas, std::variant, thread_local, atexit.
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

struct Noisy {
  const char *name;
  explicit Noisy(const char *given) : name(given) { std::printf("up %s\n", name); }
  ~Noisy() { std::printf("down %s\n", name); }
};

static Noisy first("first"), second("second");
static Noisy &lazy() {
  static Noisy object("lazy");
  return object;
}
static thread_local Noisy threads("thread");

struct Animal {
  virtual ~Animal() { std::printf("~Animal "); }
  virtual std::string sound() const = 0;
};
struct Swims : virtual Animal {
  int depth = 3;
};
struct Walks : virtual Animal {
  int legs = 2;
};
struct Duck : Swims, Walks {
  std::string sound() const override { return "quack " + std::to_string(depth * legs); }
  ~Duck() override { std::printf("~Duck "); }
};

template <typename... T> static auto total(T... parts) { return (parts + ...); }

template <int N> struct Fibonacci {
  static constexpr long value = Fibonacci<N - 1>::value + Fibonacci<N - 2>::value;
};
template <> struct Fibonacci<1> {
  static constexpr long value = 1;
};
template <> struct Fibonacci<0> {
  static constexpr long value = 0;
};

int main() {
  std::atexit([] { std::printf("at exit\n"); });
  std::printf("main %s\n", lazy().name);
  std::printf("%s\n", threads.name);
  {
    Duck duck;
    Animal *animal = &duck;
    std::printf("%s %d\n", animal->sound().c_str(), dynamic_cast<Walks *>(animal)->legs);
  }
  std::vector<std::variant<int, double, std::string>> values{1, 2.5, std::string("three")};
  for (const auto &value : values)
    std::visit([](const auto &held) {
      if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>) std::printf("%s ", held.c_str());
      else std::printf("%g ", static_cast<double>(held));
    }, value);
  std::function<int(int)> factorial = [&](int n) { return n < 2 ? 1 : n * factorial(n - 1); };
  std::optional<int> none;
  auto [a, b] = std::tuple(3, "tuple");
  std::printf("%d %d %d%s %g %ld\n", factorial(10), none.value_or(9), a, b, total(1, 2.5, 3L), Fibonacci<60>::value);
  std::exit(5);
}
