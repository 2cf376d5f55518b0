package org.fasthebb.tools.tables;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * The runs of one method with one number of labels, as a sample of independent values.
 *
 * <p>Sets of labels of one network are not independent of each other. So where there are several
 * networks (seeds), the value of each is its mean over its sets of labels; this counts both what
 * varies between networks and what varies between sets. One network alone is a sample of its sets.
 */
final class Runs {
  /** Accuracies in percent by seed, then by set of labels. */
  private final Map<Long, Map<Integer, Double>> bySeed = new TreeMap<>();

  private final boolean isOfOneNetwork;

  /**
   * @param cells in any order
   * @param seeds that the table is to have
   */
  Runs(Collection<Cell> cells, int seeds) {
    isOfOneNetwork = seeds == 1;
    for (Cell cell : cells) {
      bySeed
          .computeIfAbsent(cell.seed(), _ -> new TreeMap<>())
          .put(cell.labelSet(), 100 * cell.accuracy());
    }
  }

  /** The number of networks. */
  int seeds() {
    return bySeed.size();
  }

  /** The number of networks times sets of labels. */
  int size() {
    return bySeed.values().stream().mapToInt(Map::size).sum();
  }

  /** The independent values in percent. */
  double[] values() {
    return valuesIn(this);
  }

  /** The same of the runs whose network and set of labels another method has too. */
  double[] valuesIn(Runs other) {
    return bySeed.keySet().stream()
        .flatMapToDouble(seed -> Arrays.stream(common(seed, other)))
        .toArray();
  }

  private double[] common(long seed, Runs other) {
    Map<Integer, Double> sets = other.bySeed.getOrDefault(seed, Map.of());
    double[] values =
        bySeed.get(seed).entrySet().stream()
            .filter(entry -> sets.containsKey(entry.getKey()))
            .mapToDouble(Map.Entry::getValue)
            .toArray();
    return isOfOneNetwork || values.length == 0 ? values : new double[] {Sample.mean(values)};
  }

  /** Whether these are better at p = 0.05, by the paired t-test over what both have. */
  boolean isAbove(Runs other) {
    return Sample.isAbove(valuesIn(other), other.valuesIn(this));
  }

  /** What these have more than a control; null if they have no run in common. */
  Table2.Gain gainOver(Runs control, String name) {
    double[] own = valuesIn(control);
    double[] others = control.valuesIn(this);
    if (own.length == 0) {
      return null;
    }
    double[] gains = new double[own.length];
    Arrays.setAll(gains, i -> own[i] - others[i]);
    return new Table2.Gain(
        name,
        Sample.mean(gains),
        gains.length < 2 ? null : Sample.halfWidth(gains),
        Sample.isAbove(own, others));
  }
}
