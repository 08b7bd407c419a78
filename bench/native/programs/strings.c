// The functions of string.h at every length and alignment, against loops over bytes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

enum { LENGTH = 140, ALIGNMENTS = 17 };

static unsigned char source[512], target[512], expected[512];
static unsigned long wrong, tried;

static void check(int holds) {
  tried++;
  wrong += !holds;
}

static int sign(int n) { return (n > 0) - (n < 0); }

int main(void) {
  for (int length = 0; length < LENGTH; length += length < 70 ? 1 : 9) {
    for (int from = 0; from < ALIGNMENTS; from += 3) {
      for (int to = 0; to < ALIGNMENTS; to += 5) {
        for (int i = 0; i < 512; i++) {
          source[i] = (unsigned char)(i * 7 % 250 + 1);
          target[i] = expected[i] = (unsigned char)(i * 3);
        }
        for (int i = 0; i < length; i++) expected[to + i] = source[from + i];
        memcpy(target + to, source + from, (size_t)length);
        check(memcmp(target, expected, 512) == 0);
        for (int i = 0; i < 512; i++) check(target[i] == expected[i]);

        memmove(target + to + 5, target + to, (size_t)length);
        for (int i = length - 1; i >= 0; i--) expected[to + 5 + i] = expected[to + i];
        check(memcmp(target, expected, 512) == 0);
        memmove(target + to, target + to + 5, (size_t)length);
        for (int i = 0; i < length; i++) expected[to + i] = expected[to + 5 + i];
        check(memcmp(target, expected, 512) == 0);
        memset(target + to, length, (size_t)length);
        for (int i = 0; i < length; i++) expected[to + i] = (unsigned char)length;
        check(memcmp(target, expected, 512) == 0);

        char *text = (char *)source + from, *other = (char *)target + to;
        text[length] = 0;
        check(strlen(text) == (size_t)length && strnlen(text, 9) == (size_t)(length < 9 ? length : 9));
        check(strcpy(other, text) == other && strcmp(other, text) == 0);
        check(strncmp(other, text, (size_t)length + 1) == 0);
        check(strchr(text, 0) == text + length && memchr(text, 0, (size_t)length + 1) == text + length);
        check(strrchr(text, 0) == text + length);
        if (length > 0) {
          int place = (length * 5 + from) % length;
          other[place]++;
          check(sign(strcmp(other, text)) == 1 && sign(strcmp(text, other)) == -1);
          check(sign(memcmp(text, other, (size_t)length)) == -1);
          check(strncmp(other, text, (size_t)place) == 0);
          char *found = strchr(text, text[place]);
          check(found <= text + place && *found == text[place]);
          check(strstr(text, text + place) != NULL && strspn(text, text) == (size_t)length);
          check(strcspn(text, text + place) <= (size_t)place && strpbrk(text, text + place) != NULL);
        }
      }
    }
  }
  printf("%lu tried, %lu wrong\n", tried, wrong);
  char words[] = "one,two;;three, four", *rest;
  for (char *word = strtok_r(words, ",; ", &rest); word; word = strtok_r(NULL, ",; ", &rest)) printf("<%s>", word);
  char joined[64] = "a";
  strncat(joined, "bcdef", 3);
  strcat(joined, "|");
  strncpy(joined + 20, "short", 12);
  printf("\n%s %s %zu %zu %ls\n", joined, joined + 20, strspn("aabbc", "ab"), strcspn("aabbc", "c"), wcsstr(L"wide", L"d"));
  char *copy = strdup("copied");
  printf("%s %d %d %s\n", copy, strcasecmp("ABC", "abd") < 0, strcoll("a", "b") < 0, strerror(2));
  free(copy);
  return 0;
}
