// Standard input by line, by character and to its end; output to both streams.
// arguments: first "" *.txt -x
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  char *line = NULL;
  size_t room = 0;
  unsigned long lines = 0, words = 0, characters = 0;
  for (long size; (size = getline(&line, &room, stdin)) > 0;) {
    lines++;
    characters += (unsigned long)size;
    int inside = 0;
    for (long i = 0; i < size; i++) {
      int is_space = isspace((unsigned char)line[i]);
      words += !is_space && !inside;
      inside = !is_space;
      line[i] = (char)toupper((unsigned char)line[i]);
    }
    fputs(line, lines % 2 ? stdout : stderr);
  }
  printf("%lu %lu %lu %d\n", lines, words, characters, feof(stdin));
  for (int i = 1; i < argc; i++) printf("[%s]", argv[i]);
  puts(getenv("NONE") ? "set" : "unset");
  free(line);
  return 258;
}
