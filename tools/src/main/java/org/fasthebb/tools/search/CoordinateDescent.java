package org.fasthebb.tools.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fasthebb.models.random.Rng;

/**
 * Search for the largest value on a grid by discrete coordinate descent, as in the paper's section
 * 4.3 (Kolda, Lewis and Torczon 2003).
 *
 * <p>From a random point, the search follows each axis in turn to a better neighbour as long as
 * there is one. Every axis is a ring: its last value is the neighbour of its first. When no axis
 * leads higher, the search restarts at another random point, until it has evaluated all points or
 * as many as it may.
 *
 * <p>The order of points depends only on grid, seed and values. So a search whose values were kept
 * can be stopped and run again: it takes the same way and continues.
 *
 * @param sizes values on each axis, at least 1
 * @param seed of the random points
 */
public record CoordinateDescent(List<Integer> sizes, long seed) {
  /** The function to maximise. */
  public interface Objective<E extends Exception> {
    /**
     * The value of a point, given by its index on each axis; NaN for a point that is not usable. It
     * is called once for each point.
     */
    double at(List<Integer> point) throws E;
  }

  /** A point that was evaluated, and its value. */
  public record Trial(List<Integer> point, double value) {}

  /** Checks the grid. */
  public CoordinateDescent {
    sizes = List.copyOf(sizes);
    if (sizes.isEmpty() || sizes.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException(
          "the axes have " + sizes + " values; each must have at least one");
    }
  }

  /** The number of points. */
  public double points() {
    return sizes.stream().mapToDouble(size -> size).reduce(1, (a, b) -> a * b);
  }

  /** The best trial, the earliest of equal ones; empty if all are NaN. */
  public static Optional<Trial> best(List<Trial> trials) {
    return trials.stream()
        .filter(trial -> !Double.isNaN(trial.value))
        .reduce((best, trial) -> trial.value > best.value ? trial : best);
  }

  /**
   * Runs the search.
   *
   * @param most the most points to evaluate
   * @return the evaluated points, in order
   */
  public <E extends Exception> List<Trial> run(int most, Objective<E> objective) throws E {
    Run<E> run = new Run<>(most, objective);
    run.search();
    List<Trial> trials = new ArrayList<>();
    run.known.forEach((point, value) -> trials.add(new Trial(point, value)));
    return trials;
  }

  private final class Run<E extends Exception> {
    private final int most;
    private final Objective<E> objective;
    private final Map<List<Integer>, Double> known = new LinkedHashMap<>();
    private final Rng rng = new Rng(seed);

    Run(int most, Objective<E> objective) {
      this.most = most;
      this.objective = objective;
    }

    void search() throws E {
      while (known.size() < Math.min(most, points())) {
        List<Integer> point = random();
        List<Integer> before;
        do {
          before = point;
          for (int axis = 0; axis < sizes.size(); axis++) {
            point = follow(point, axis);
          }
        } while (!point.equals(before));
      }
    }

    /** A random point that has not been evaluated. */
    private List<Integer> random() {
      List<Integer> point;
      do {
        point = sizes.stream().map(rng::nextInt).toList();
      } while (known.containsKey(point));
      return point;
    }

    /** The point that better neighbours along an axis lead to. */
    private List<Integer> follow(List<Integer> start, int axis) throws E {
      List<Integer> point = start;
      double value = value(point);
      while (true) {
        List<Integer> up = neighbour(point, axis, 1);
        List<Integer> down = neighbour(point, axis, -1);
        double above = value(up);
        double below = value(down);
        boolean turns = isBetter(below, above);
        double highest = turns ? below : above;
        if (!isBetter(highest, value)) {
          return point;
        }
        point = turns ? down : up;
        value = highest;
      }
    }

    private List<Integer> neighbour(List<Integer> point, int axis, int step) {
      List<Integer> next = new ArrayList<>(point);
      next.set(axis, Math.floorMod(point.get(axis) + step, sizes.get(axis)));
      return List.copyOf(next);
    }

    /** The value of a point; NaN, to which the search never moves, if no more may be evaluated. */
    private double value(List<Integer> point) throws E {
      Double value = known.get(point);
      if (value == null && known.size() < most) {
        value = objective.at(point);
        known.put(point, value);
      }
      return value == null ? Double.NaN : value;
    }

    private static boolean isBetter(double a, double b) {
      return a > b || (Double.isNaN(b) && !Double.isNaN(a));
    }
  }
}
