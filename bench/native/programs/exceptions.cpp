// Exceptions through frames with destructors, rethrown, of several types; what ends a program that catches none.
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

struct Trace {
  std::string name;
  explicit Trace(std::string given) : name(std::move(given)) { std::printf("+%s ", name.c_str()); }
  ~Trace() { std::printf("-%s ", name.c_str()); }
  Trace(const Trace &) = delete;
};

struct Base {
  virtual ~Base() = default;
  virtual const char *name() const { return "base"; }
};
struct Derived : Base {
  const char *name() const override { return "derived"; }
};

static int depth(int n) {
  Trace trace("d" + std::to_string(n));
  if (n == 0) throw std::out_of_range("bottom");
  try {
    return depth(n - 1);
  } catch (const std::invalid_argument &) {
    return -1;
  }
}

static void attempt(const std::function<void()> &action) {
  try {
    action();
    std::printf("nothing\n");
  } catch (const std::logic_error &error) {
    std::printf("logic %s\n", error.what());
  } catch (const std::exception &error) {
    std::printf("other %s\n", error.what());
  } catch (int number) {
    std::printf("int %d\n", number);
  } catch (...) {
    std::printf("unknown\n");
  }
}

int main() {
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  attempt([] { depth(5); });
  attempt([] { throw 42; });
  attempt([] { throw "text"; });
  attempt([] { std::vector<int>().at(3); });
  attempt([] { (void)std::stoi("none"); });
  attempt([] { (void)new char[static_cast<std::size_t>(-1) / 4]; });
  attempt([] {
    Base base;
    Base *pointer = &base;
    (void)dynamic_cast<Derived &>(*pointer);
  });
  attempt([] {
    try {
      Trace inner("inner");
      throw std::runtime_error("first");
    } catch (const std::runtime_error &error) {
      Trace handler("handler");
      throw std::logic_error(std::string(error.what()) + " then");
    }
  });
  attempt([] {
    try {
      std::throw_with_nested(std::runtime_error("outer"));
    } catch (...) {
      throw;
    }
  });
  int caught = 0;
  for (int i = 0; i < 300; i++) {
    try {
      if (i % 3 == 0) throw i;
    } catch (int n) {
      caught += n;
    }
  }
  Derived derived;
  Base *base = &derived;
  std::printf("%d %s %d\n", caught, base->name(), typeid(*base) == typeid(Derived));
  throw std::runtime_error("nobody catches this");
}
