package org.fasthebb.tools.verify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.io.SafeTensorsWriter;

/** A golden file in memory, to change and to write. */
final class GoldenCopy {
  private record Entry(int[] shape, double[] values, boolean integer) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** The file of this name among the test resources, written into {@code folder} unchanged. */
  static Path resource(Path folder, String name) throws IOException {
    Path file = folder.resolve(name + ".safetensors");
    try (InputStream in =
        GoldenCopy.class.getResourceAsStream("/golden/" + name + ".safetensors")) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  static GoldenCopy of(Path file) throws IOException {
    GoldenCopy copy = new GoldenCopy();
    try (SafeTensors tensors = SafeTensors.read(file)) {
      for (String name : tensors.names()) {
        boolean integer = tensors.dtype(name).equals("I64");
        double[] values =
            integer
                ? Arrays.stream(tensors.longs(name)).asDoubleStream().toArray()
                : tensors.doubles(name);
        copy.entries.put(name, new Entry(tensors.shape(name), values, integer));
      }
    }
    return copy;
  }

  GoldenCopy put(String name, double[] values, int... shape) {
    entries.put(name, new Entry(shape, values, false));
    return this;
  }

  GoldenCopy putInteger(String name, long value) {
    entries.put(name, new Entry(new int[] {1}, new double[] {value}, true));
    return this;
  }

  GoldenCopy putIntegers(String name, long... values) {
    double[] wide = Arrays.stream(values).asDoubleStream().toArray();
    entries.put(name, new Entry(new int[] {values.length}, wide, true));
    return this;
  }

  GoldenCopy remove(String name) {
    entries.remove(name);
    return this;
  }

  Iterable<String> names() {
    return entries.keySet();
  }

  double[] values(String name) {
    return entries.get(name).values;
  }

  Path write(Path file) throws IOException {
    SafeTensorsWriter writer = SafeTensors.writer();
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      Entry entry = named.getValue();
      if (entry.integer) {
        long[] values = Arrays.stream(entry.values).mapToLong(x -> (long) x).toArray();
        writer.longs(named.getKey(), entry.shape, values);
      } else {
        writer.doubles(named.getKey(), entry.shape, entry.values);
      }
    }
    writer.write(file);
    return file;
  }
}
