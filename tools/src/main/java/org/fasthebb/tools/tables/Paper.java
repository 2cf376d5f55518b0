package org.fasthebb.tools.tables;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The paper's own numbers; empty for data or methods that it does not have. */
public final class Paper {
  private static final Map<String, double[]> TIMES = read("paper-table1.csv", 2);
  private static final Map<String, double[]> ACCURACIES = read("paper-table2.csv", 3);

  private Paper() {}

  /** Test accuracy in percent, Table 2; top-1 for CIFAR-10, top-5 elsewhere. */
  public static Optional<Double> accuracy(String data, String regime, String method) {
    return value(ACCURACIES, data + "," + regime + "," + method, 0);
  }

  /** The highest test accuracy of the paper's methods in percent, Table 2. */
  public static Optional<Double> best(String data, String regime) {
    String start = data + "," + regime + ",";
    return ACCURACIES.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(start))
        .map(entry -> entry.getValue()[0])
        .max(Double::compare);
  }

  /** Seconds of an epoch of pre-training, Table 1, on an RTX 3060. */
  public static Optional<Double> epochSeconds(String data, String method) {
    return value(TIMES, data + "," + method, 0);
  }

  /** Epochs until performance stops improving, Table 1. */
  public static Optional<Double> epochs(String data, String method) {
    return value(TIMES, data + "," + method, 1);
  }

  private static Optional<Double> value(Map<String, double[]> table, String key, int column) {
    return Optional.ofNullable(table.get(key)).map(row -> row[column]);
  }

  /** Lines of a table: the first {@code keys} columns name a row of numbers. */
  private static Map<String, double[]> read(String name, int keys) {
    Map<String, double[]> table = new LinkedHashMap<>();
    try (InputStream in = Paper.class.getResourceAsStream(name)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .skip(1)
          .forEach(line -> {
            String[] cells = line.split(",");
            double[] numbers = new double[cells.length - keys];
            for (int i = 0; i < numbers.length; i++) {
              numbers[i] = Double.parseDouble(cells[keys + i]);
            }
            table.put(String.join(",", java.util.Arrays.copyOf(cells, keys)), numbers);
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return table;
  }
}
