// strtod, strtof, strtold, strtol and sscanf: correct rounding, limits, rests and errno.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  static const char *const texts[] = {
      "0", "-0", "1", "1.5", ".5", "5.", "1e5", "1E-5", "0x1p3", "0x1.8p-2", "0x.1", "inf", "-infinity", "nan", "x",
      "", "  12.25rest", "+7", "1e", "1e+", "0.1", "0.2", "0.3", "9007199254740993", "9007199254740992.5",
      "179769313486231580793728971405301e276", "1.7976931348623159e308", "1e309", "4.9e-324", "2.4703282292062327e-324",
      "2.4703282292062328e-324", "1e-400", "2.2250738585072011e-308", "2.2250738585072014e-308",
      "0.500000000000000166533453693773481063544750213623046875", "3.518437208883201171875e13",
      "6.9294956446009195e15", "123456789012345678901234567890", "0x1.fffffffffffff8p0", "0x1.00000000000008p0",
      "1.00000005960464477539062500000000001", "16777217", "3.4028236e38", "1.4e-45", "7e-46"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    char *rest, *rest_long, *rest_float;
    errno = 0;
    double d = strtod(texts[i], &rest);
    int error = errno;
    errno = 0;
    long double l = strtold(texts[i], &rest_long);
    int error_long = errno;
    errno = 0;
    float f = strtof(texts[i], &rest_float);
    printf("%-40s %a %d '%s' %La %d '%s' %a %d '%s'\n", texts[i], d, error, rest, l, error_long, rest_long, f, errno,
           rest_float);
  }
  static const char *const integers[] = {"0", "-1", "0777", "0xff", "zz", "9223372036854775807", "9223372036854775808",
                                         "-9223372036854775809", "18446744073709551616", "  12a", "1010"};
  static const int bases[] = {0, 2, 8, 10, 16, 36};
  for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
    for (size_t j = 0; j < sizeof bases / sizeof *bases; j++) {
      char *rest;
      errno = 0;
      long n = strtol(integers[i], &rest, bases[j]);
      unsigned long u = strtoul(integers[i], NULL, bases[j]);
      printf("%ld %lu %d '%s'; ", n, u, errno, rest);
    }
    printf("\n");
  }
  int a, b, n;
  double x, y;
  char word[10];
  float f;
  n = sscanf("12 0x1F 3.25e2 -7.5 some-words 0.1", "%d %i %lf %lf %9[a-z] %*[-a-z] %f", &a, &b, &x, &y, word, &f);
  printf("%d: %d %d %g %g %s\n", n, a, b, x, y, word);
  return 0;
}
