// iostreams: numbers in and out, manipulators, string streams, files, standard input.
#include <cmath>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <sstream>
#include <string>

int main() {
  std::cout << 42 << ' ' << -7L << ' ' << 3.25 << ' ' << 1e100 << ' ' << 0.1f << ' ' << true << ' ' << 'c' << '\n';
  std::cout << std::hex << std::showbase << 255 << ' ' << std::oct << 8 << std::dec << ' ' << std::boolalpha << false << '\n';
  std::cout << std::setw(10) << 5 << '|' << std::left << std::setw(10) << 6 << '|' << std::setfill('*') << std::internal
            << std::setw(10) << -7 << '\n';
  for (double x : {0.0, 1.0 / 3, 1e-7, 123456789.125, std::numeric_limits<double>::max(), HUGE_VAL})
    std::cout << std::fixed << std::setprecision(3) << x << ' ' << std::scientific << x << ' ' << std::hexfloat << x << ' '
              << std::defaultfloat << std::setprecision(17) << x << '\n';
  std::cout << std::setprecision(21) << 1.0L / 3 << ' ' << std::numeric_limits<long double>::epsilon() << '\n';
  std::istringstream input("12 3.5 word 0x1f 1e400 7");
  int i;
  double d;
  std::string word;
  input >> i >> d >> word >> std::hex >> std::ws;
  std::cout << i << ' ' << d << ' ' << word << ' ';
  input >> i >> d;
  std::cout << i << ' ' << input.fail() << '\n';
  {
    std::ofstream file("numbers.txt");
    for (int n = 0; n < 500; n++) file << n << ' ' << std::sqrt(n) << '\n';
  }
  std::ifstream file("numbers.txt");
  double sum = 0;
  while (file >> i >> d) sum += d * i;
  std::cout << sum << ' ' << file.eof() << '\n';
  std::string line;
  std::size_t lines = 0;
  while (std::getline(std::cin, line)) std::cout << ++lines << ": " << line << '\n';
  std::ostringstream text;
  text << std::put_time(std::gmtime(std::initializer_list<std::time_t>{86400}.begin()), "%Y-%m-%d") << std::quoted("a \"b\"");
  std::cerr << text.str() << std::endl;
  return 0;
}
