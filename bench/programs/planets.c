/* Five bodies that attract each other: arithmetic in binary64. The argument is how many steps. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BODIES 5

static struct body {
  double x, y, z, vx, vy, vz, mass;
} bodies[BODIES] = {
    {0, 0, 0, 0, 0, 0, 39.5},
    {4.8, -1.2, -0.1, 0.6, 2.8, -0.02, 0.037},
    {8.3, 4.1, -0.4, -1.0, 1.8, 0.008, 0.011},
    {12.9, -15.1, -0.2, 1.1, 0.9, -0.01, 0.0017},
    {15.4, -25.9, 0.2, 1.0, 0.6, -0.03, 0.002},
};

static void step(double dt) {
  for (struct body *a = bodies; a < bodies + BODIES; a++)
    for (struct body *b = a + 1; b < bodies + BODIES; b++) {
      double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
      double square = dx * dx + dy * dy + dz * dz;
      double pull = dt / (square * sqrt(square));
      a->vx -= dx * b->mass * pull, a->vy -= dy * b->mass * pull, a->vz -= dz * b->mass * pull;
      b->vx += dx * a->mass * pull, b->vy += dy * a->mass * pull, b->vz += dz * a->mass * pull;
    }
  for (struct body *a = bodies; a < bodies + BODIES; a++) a->x += dt * a->vx, a->y += dt * a->vy, a->z += dt * a->vz;
}

int main(int argc, char **argv) {
  int steps = argc > 1 ? atoi(argv[1]) : 1000;
  for (int i = 0; i < steps; i++) step(0.001);
  printf("%.12g %.12g %.12g\n", bodies[0].x, bodies[1].y, bodies[2].vz);
  return 0;
}
