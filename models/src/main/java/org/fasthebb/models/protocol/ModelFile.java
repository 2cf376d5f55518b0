package org.fasthebb.models.protocol;

import static org.fasthebb.engine.Contraction.contract;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Centroids;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.inputs.ChannelStats;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.inputs.Zca;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.io.SafeTensorsWriter;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Variant;

/**
 * A trained network in a safetensors file: its tensors, what its inputs need (channel statistics
 * and whitening), the names of the classes, and where it comes from. Complete: nothing else is
 * needed to use the network. The same training gives the same bytes.
 *
 * @param network the feature extractor
 * @param inputs how its images are prepared
 * @param classNames names of the classes, in the order of scores
 * @param provenance free metadata, such as rule, seed and data
 * @param head name and weights of the classifier: fc6.weight, or fc.weight and fc.bias; none if
 *     pre-training needed none
 */
public record ModelFile(
    Network network,
    Preprocessing inputs,
    List<String> classNames,
    Map<String, String> provenance,
    Map<String, Tensor> head) {
  static final String FORMAT = "fasthebb-1";

  /** Writes the file, whole or not at all. */
  public void write(Path file) throws CheckpointException {
    SafeTensorsWriter writer =
        SafeTensors.writer()
            .metadata("format", FORMAT)
            .metadata("architecture", network.architecture().name())
            .metadata("variant", network.variant().name())
            .metadata("classes", String.join("\n", classNames));
    provenance.forEach(writer::metadata);
    Map<String, Tensor> tensors = new LinkedHashMap<>(network.tensors());
    tensors.putAll(head);
    tensors.forEach((name, tensor) -> writer.floats(name, tensor.shape(), tensor.toArray()));
    ChannelStats stats = inputs.stats();
    double[] mean = new double[stats.channels()];
    double[] std = new double[stats.channels()];
    for (int c = 0; c < mean.length; c++) {
      mean[c] = stats.mean(c);
      std[c] = stats.std(c);
    }
    writer.doubles("inputs.mean", new int[] {mean.length}, mean);
    writer.doubles("inputs.std", new int[] {std.length}, std);
    if (inputs.zca() != null) {
      Tensor z = inputs.zca().matrix();
      writer.floats("inputs.zca", z.shape(), z.toArray());
    }
    writer.write(file);
  }

  /**
   * Reads a file that {@link #write} made.
   *
   * @throws CheckpointException in one sentence, if it is damaged or of another kind
   */
  public static ModelFile read(Backend backend, Path file) throws CheckpointException {
    try (SafeTensors saved = SafeTensors.read(file)) {
      Map<String, String> metadata = new LinkedHashMap<>(saved.metadata());
      if (!FORMAT.equals(metadata.get("format"))) {
        throw new CheckpointException(
            file + " is no FastHebb model: its metadata has no format " + FORMAT);
      }
      saved.verifyChecksum();
      Network network = network(backend, file, metadata);
      for (Map.Entry<String, Tensor> entry : network.tensors().entrySet()) {
        load(saved, file, entry.getKey(), entry.getValue());
      }
      List<String> classes = List.of(metadata.get("classes").split("\n"));
      Map<String, Tensor> head = new LinkedHashMap<>();
      for (String name : saved.names()) {
        if (name.startsWith("fc6.") || name.startsWith("fc.")) {
          Tensor tensor = backend.zeros(headShape(name, classes.size(), network));
          load(saved, file, name, tensor);
          head.put(name, tensor);
        }
      }
      ChannelStats stats =
          new ChannelStats(saved.doubles("inputs.mean"), saved.doubles("inputs.std"));
      Zca zca = null;
      if (saved.names().contains("inputs.zca")) {
        int[] shape = saved.shape("inputs.zca");
        zca = new Zca(Zca.FILTER, backend.of(saved.floats("inputs.zca"), shape));
      }
      Preprocessing inputs = new Preprocessing(backend, stats, zca);
      return new ModelFile(network, inputs, classes, metadata, head);
    }
  }

  /** Scores (b, classes) of prepared images; the largest names the class. */
  public Tensor scores(Tensor images) {
    if (head.isEmpty()) {
      throw new IllegalStateException("the model has no classifier yet; fine-tune it first");
    }
    Tensor features = network.features(images);
    return head.containsKey("fc.weight")
        ? contract("bs,ns->bn", features, head.get("fc.weight")).plus(head.get("fc.bias"))
        : Centroids.scores(features, head.get("fc6.weight"));
  }

  /** Share of the examples that it puts into their class, 0 to 1. */
  public double accuracy(Examples examples) {
    return accuracy(examples, 1);
  }

  /** Share of the examples whose class is among the {@code top} highest scores, 0 to 1. */
  public double accuracy(Examples examples, int top) {
    return Accuracy.of(DataLoader.once(inputs, examples), this::scores, top);
  }

  /**
   * Refuses data of other classes.
   *
   * @throws CheckpointException if the names of the classes differ
   */
  public void requireClasses(DataSet data) throws CheckpointException {
    if (!classNames.equals(data.train().classNames())) {
      throw new CheckpointException(
          "the model knows the classes "
              + classNames
              + ", but "
              + data.name()
              + " has "
              + data.train().classNames());
    }
  }

  private static Network network(Backend backend, Path file, Map<String, String> metadata)
      throws CheckpointException {
    Architecture small = Architecture.small();
    String architecture = metadata.get("architecture");
    if (!small.name().equals(architecture)) {
      throw new CheckpointException(
          file + " holds a network '" + architecture + "', but only 'small' is known here");
    }
    try {
      return new Network(backend, small, Variant.valueOf(metadata.get("variant")), 0);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new CheckpointException(
          file + " holds a network of unknown variant '" + metadata.get("variant") + "'", e);
    }
  }

  private static int[] headShape(String name, int classes, Network network) {
    return name.endsWith(".bias")
        ? new int[] {classes}
        : new int[] {classes, network.architecture().features()};
  }

  /** Reads a tensor of the same shape. */
  static void load(SafeTensors saved, Path file, String name, Tensor target)
      throws CheckpointException {
    if (!saved.names().contains(name)) {
      throw new CheckpointException(
          file + " has no tensor " + name + "; it belongs to another network");
    }
    if (!Arrays.equals(saved.shape(name), target.shape())) {
      throw new CheckpointException(
          file
              + " has "
              + name
              + " "
              + Arrays.toString(saved.shape(name))
              + ", but this network needs "
              + target.layout()
              + "; it belongs to another network");
    }
    target.write(saved.floats(name));
  }
}
