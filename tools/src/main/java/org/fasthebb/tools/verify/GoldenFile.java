package org.fasthebb.tools.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.SafeTensors;

/** A golden file. It gives tensors in the engine's layout. */
final class GoldenFile implements AutoCloseable {
  private final String stem;
  private final SafeTensors tensors;
  private final Set<String> names;
  private final Backend backend;

  GoldenFile(Path path, Backend backend) throws CheckpointException {
    this(
        String.valueOf(path.getFileName()).replaceFirst("\\.safetensors$", ""),
        SafeTensors.read(path),
        backend);
  }

  private GoldenFile(String stem, SafeTensors tensors, Backend backend) {
    this.stem = stem;
    this.tensors = tensors;
    names = new LinkedHashSet<>(tensors.names());
    this.backend = backend;
  }

  /** The same file for another backend; it closes with this one. */
  GoldenFile on(Backend other) {
    return new GoldenFile(stem, tensors, other);
  }

  /** The file's name without its ending. */
  String stem() {
    return stem;
  }

  /** The backend that its tensors are read to. */
  Backend backend() {
    return backend;
  }

  /** Names of all tensors, in the file's order. */
  Set<String> names() {
    return names;
  }

  boolean has(String name) {
    return names.contains(name);
  }

  /** The parts of names before the first dot, in order. */
  List<String> prefixes() {
    return names.stream()
        .filter(name -> name.contains("."))
        .map(name -> name.substring(0, name.indexOf('.')))
        .distinct()
        .toList();
  }

  /** Size of one dimension of a tensor, in PyTorch's order. */
  int size(String name, int axis) throws CheckpointException {
    int[] shape = shape(name);
    if (axis >= shape.length) {
      throw new IllegalArgumentException(
          "tensor '" + name + "' of shape " + Arrays.toString(shape) + " has too few dimensions");
    }
    return shape[axis];
  }

  /** Elements in the file's order. */
  double[] values(String name) throws CheckpointException {
    return isFloat(name)
        ? tensors.doubles(name)
        : Arrays.stream(tensors.longs(name)).asDoubleStream().toArray();
  }

  /** Whether the file has no more of these images than a seed and their shape. */
  private boolean isGenerated(String name) {
    return !has(name) && has(GeneratedImages.shapeName(name));
  }

  private int[] shape(String name) throws CheckpointException {
    return isGenerated(name) ? integers(GeneratedImages.shapeName(name)) : tensors.shape(name);
  }

  private boolean isFloat(String name) throws CheckpointException {
    return tensors.dtype(name).startsWith("F");
  }

  /** Integers in the file's order. */
  int[] integers(String name) throws CheckpointException {
    return Arrays.stream(tensors.longs(name)).mapToInt(Math::toIntExact).toArray();
  }

  /** The only element of an integer tensor. */
  long integer(String name) throws CheckpointException {
    long[] values = tensors.longs(name);
    if (values.length != 1) {
      throw new IllegalArgumentException(
          "tensor '" + name + "' has " + values.length + " elements instead of 1");
    }
    return values[0];
  }

  /** A tensor in the engine's layout. */
  Tensor tensor(String name) throws CheckpointException {
    return TorchLayout.decode(raw(name));
  }

  /** A tensor in PyTorch's layout. */
  Tensor raw(String name) throws CheckpointException {
    int[] shape = shape(name);
    if (isGenerated(name)) {
      return backend.of(GeneratedImages.draw(name, integer("seed"), shape), shape);
    }
    if (isFloat(name)) {
      return backend.of(tensors.floats(name), shape);
    }
    double[] values = values(name);
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return backend.of(floats, shape);
  }

  /** A tensor of images, (b, h, w, c) in the engine's layout. */
  Tensor images(String name) throws CheckpointException {
    requireRank(name, 4);
    return tensor(name);
  }

  /** Weights as a matrix (n, i j c), one row per neuron. */
  Tensor matrix(String name) throws CheckpointException {
    requireRank(name, 4);
    Tensor w = tensor(name);
    return w.reshape(w.size(0), w.size(1) * w.size(2) * w.size(3));
  }

  /** Batches of images along the first axis of a tensor, each (b, h, w, c). */
  List<Tensor> batches(String name) throws CheckpointException {
    requireRank(name, 5);
    Tensor all = raw(name);
    int[] one = Arrays.copyOfRange(all.shape(), 1, 5);
    List<Tensor> batches = new ArrayList<>();
    for (int t = 0; t < all.size(0); t++) {
      batches.add(TorchLayout.decode(all.slice(0, t, t + 1).reshape(one)));
    }
    return batches;
  }

  /** Integers along the first axis of a matrix, such as the labels of batches. */
  List<int[]> rows(String name) throws CheckpointException {
    requireRank(name, 2);
    int[] all = integers(name);
    int width = size(name, 1);
    List<int[]> rows = new ArrayList<>();
    for (int t = 0; t < size(name, 0); t++) {
      rows.add(Arrays.copyOfRange(all, t * width, (t + 1) * width));
    }
    return rows;
  }

  private void requireRank(String name, int rank) throws CheckpointException {
    int[] shape = shape(name);
    if (shape.length != rank) {
      throw new IllegalArgumentException(
          "tensor '%s' has shape %s where %s dimensions are needed"
              .formatted(name, Arrays.toString(shape), rank));
    }
  }

  @Override
  public void close() {
    tensors.close();
  }
}
