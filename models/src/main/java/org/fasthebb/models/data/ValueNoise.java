package org.fasthebb.models.data;

import org.fasthebb.models.random.Rng;

/** Smooth random textures: random values on a coarse lattice, joined by smooth curves. */
final class ValueNoise {
  private ValueNoise() {}

  /**
   * A texture of two grains, the finer one weaker, of random coarseness.
   *
   * @return (side, side) values in [0, 1]
   */
  static double[] texture(int side, Rng rng) {
    double[] texture = new double[side * side];
    double cell = 4 + 10 * rng.nextUniform();
    add(texture, side, cell, 0.65, rng);
    add(texture, side, cell / 2.5, 0.35, rng);
    return texture;
  }

  private static void add(double[] texture, int side, double cell, double weight, Rng rng) {
    int points = (int) (side / cell) + 2;
    double[] lattice = new double[points * points];
    for (int i = 0; i < lattice.length; i++) {
      lattice[i] = weight * rng.nextUniform();
    }
    for (int y = 0; y < side; y++) {
      int row = (int) (y / cell);
      double down = smooth(y / cell - row);
      for (int x = 0; x < side; x++) {
        int column = (int) (x / cell);
        double right = smooth(x / cell - column);
        int at = row * points + column;
        double upper = lattice[at] + right * (lattice[at + 1] - lattice[at]);
        double lower =
            lattice[at + points] + right * (lattice[at + points + 1] - lattice[at + points]);
        texture[y * side + x] += upper + down * (lower - upper);
      }
    }
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }
}
