package org.fasthebb.models.protocol;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.inputs.ChannelStats;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.FeatureFile;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.inputs.Zca;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Identity;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.io.SafeTensorsWriter;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.learn.Normalisation;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.readout.FeatureForm;
import org.fasthebb.models.readout.NearestNeighbours;

/**
 * A trained network in a safetensors file: its tensors, the preprocessing of its inputs (channel
 * statistics and whitening), the names of the classes, and how it was trained. Nothing else is
 * needed to use the network. The same training gives the same bytes.
 *
 * @param network the feature extractor
 * @param inputs the preprocessing of its images
 * @param classNames names of the classes, in the order of scores
 * @param settings how the network was pre-trained
 * @param provenance free metadata, such as seed and data
 * @param head the classifier or read-out on its features
 */
public record ModelFile(
    Network network,
    Preprocessing inputs,
    List<String> classNames,
    PretrainSettings settings,
    Map<String, String> provenance,
    Head head) {
  private static final String FORMAT = "fasthebb-1";
  private static final String SIDE = "side";

  /** The most class names in a message. */
  private static final int MOST_NAMES = 5;

  /** The names of the classes, as JSON. */
  private static final String CLASSES = "class_names";

  /** The names of the classes in files of version 0.1, one on a line. */
  private static final String OLD_CLASSES = "classes";

  private static final String FEATURES = "features";

  /** In files of version 0.1: whether features are means over an image and its mirror image. */
  private static final String MIRRORED = "mirrored";

  /** What {@link #write} says of the file itself: it is no provenance when the file is read. */
  private static final List<String> OWN =
      List.of("format", SIDE, CLASSES, OLD_CLASSES, FEATURES, MIRRORED, "sha256");

  /**
   * Writes the file, whole or not at all. It names the architecture but does not describe it, so
   * only files of those in {@link Architecture#ALL} can be read again.
   */
  public void write(Path file) throws CheckpointException {
    SafeTensorsWriter writer =
        SafeTensors.writer()
            .metadata("format", FORMAT)
            .metadata(SIDE, Integer.toString(network.side()))
            .metadata(CLASSES, Json.line(classNames))
            .metadata(FEATURES, head.form().toString());
    settings.metadata().forEach(writer::metadata);
    provenance.forEach(writer::metadata);
    Map<String, Tensor> tensors = new LinkedHashMap<>(network.tensors());
    tensors.putAll(head.tensors());
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

  /** The seed of everything random. */
  public long seed() {
    return Long.parseLong(provenance.getOrDefault("seed", "0"));
  }

  /** Settings and data of the run that it belongs to; null if the file has none. */
  public String identity() {
    return provenance.get("identity");
  }

  /**
   * What learned the labels after pre-training; nothing if nothing has yet. The identity names all
   * read-outs but fine-tuning and, in files of version 0.1, the linear one, which normalises.
   */
  public Optional<ReadOut> readOut() {
    if (!head.isClassifier()) {
      return Optional.empty();
    }
    String own = " " + String.valueOf(identity()).split(Identity.FROM, 2)[0] + " ";
    boolean isNormalised = head.tensors().containsKey(Normalisation.MEAN);
    return Arrays.stream(ReadOut.values())
        .filter(readOut -> own.contains(" read_out=" + readOut + " "))
        .findFirst()
        .or(() -> Optional.of(isNormalised ? ReadOut.LINEAR : ReadOut.FINE_TUNE));
  }

  /** Whether the softmax of its scores is a probability: see {@link ReadOut#isCrossEntropy}. */
  public boolean givesProbabilities() {
    return readOut().map(ReadOut::isCrossEntropy).orElse(false);
  }

  /**
   * Reads a file that {@link #write} wrote.
   *
   * @throws CheckpointException if the file is damaged or not a FastHebb model
   */
  public static ModelFile read(Backend backend, Path file) throws CheckpointException {
    return read(backend, file, "get another copy");
  }

  /**
   * Reads a file that {@link #write} wrote.
   *
   * @param wayOut what to do if the file is damaged; errors end with it
   */
  static ModelFile read(Backend backend, Path file, String wayOut) throws CheckpointException {
    try (SafeTensors saved = SafeTensors.read(file, wayOut)) {
      Map<String, String> metadata = metadata(saved);
      if (!FORMAT.equals(metadata.get("format"))) {
        throw new CheckpointException(
            file + " is no FastHebb model: its metadata has no format " + FORMAT);
      }
      saved.verifyChecksum();
      PretrainSettings settings = settings(file, metadata);
      Network network = network(backend, file, settings, metadata.get(SIDE));
      for (Map.Entry<String, Tensor> entry : network.tensors().entrySet()) {
        load(saved, file, entry.getKey(), entry.getValue());
      }
      List<String> classes = classes(metadata);
      FeatureForm form = form(metadata);
      Map<String, Tensor> tensors = head(backend, network, form, classes.size(), saved);
      tensors.keySet().retainAll(saved.names());
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        load(saved, file, entry.getKey(), entry.getValue());
      }
      Head head = new Head(tensors, form);
      Preprocessing inputs = inputs(backend, saved, file);
      require(
          metadata.getOrDefault("seed", "0").matches("-?\\d{1,18}"),
          "its seed is no number: " + metadata.get("seed"));
      metadata.keySet().removeAll(settings.metadata().keySet());
      metadata.keySet().removeAll(OWN);
      return new ModelFile(network, inputs, classes, settings, metadata, head);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          file + " is no whole FastHebb model: " + e.getMessage() + "; " + wayOut, e);
    }
  }

  private static FeatureForm form(Map<String, String> metadata) {
    boolean mirrored = Boolean.parseBoolean(metadata.get(MIRRORED));
    return FeatureForm.of(metadata.getOrDefault(FEATURES, mirrored ? MIRRORED : ""));
  }

  /** Empty tensors, by name, for those of the head. */
  private static Map<String, Tensor> head(
      Backend backend, Network network, FeatureForm form, int classes, SafeTensors saved)
      throws CheckpointException {
    boolean neighbours = saved.names().contains(NearestNeighbours.LABELS);
    int rows = neighbours ? saved.shape(NearestNeighbours.LABELS)[0] : 0;
    return Head.empty(backend, network, form, classes, rows);
  }

  private static void require(boolean fine, String otherwise) {
    if (!fine) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static List<String> classes(Map<String, String> metadata) {
    String old = metadata.getOrDefault(OLD_CLASSES, "");
    List<String> names =
        metadata.containsKey(CLASSES)
            ? Json.texts(metadata.get(CLASSES))
            : old.isEmpty() ? List.of() : List.of(old.split("\n"));
    require(!names.isEmpty(), "it has no names of classes");
    return names;
  }

  /**
   * The metadata of a file. Files of earlier programs, which have no form, hold the settings of
   * pre-training only in the identity, as words "name=value"; those of SoftHebb's network do not
   * even name the rule.
   */
  private static Map<String, String> metadata(SafeTensors saved) {
    Map<String, String> metadata = new LinkedHashMap<>(saved.metadata());
    if (!metadata.containsKey("form")) {
      String identity = metadata.getOrDefault("identity", "");
      for (String word : identity.split(Identity.FROM, 2)[0].split(" ")) {
        String[] pair = word.split("=", 2);
        if (pair.length == 2) {
          metadata.putIfAbsent(pair[0], pair[1]);
        }
      }
      if ("softhebb".equals(metadata.get("architecture"))) {
        metadata.putIfAbsent("rule", "softhebb");
        metadata.putIfAbsent(MIRRORED, Boolean.toString(identity.contains(" mirrored")));
      }
    }
    return metadata;
  }

  private static PretrainSettings settings(Path file, Map<String, String> metadata)
      throws CheckpointException {
    try {
      return PretrainSettings.of(metadata);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          file + " holds a network that this version does not know: " + e.getMessage(), e);
    }
  }

  private static Network network(Backend backend, Path file, PretrainSettings settings, String side)
      throws CheckpointException {
    try {
      int pixels = side == null ? settings.architecture().side() : Integer.parseInt(side);
      return settings.blankNetwork(backend, pixels);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          file + " says that its images are " + side + " pixels a side: " + e.getMessage(), e);
    }
  }

  private static Preprocessing inputs(Backend backend, SafeTensors saved, Path file)
      throws CheckpointException {
    if (!saved.names().contains("inputs.mean")) {
      return Preprocessing.raw(backend, Architecture.CHANNELS);
    }
    ChannelStats stats =
        new ChannelStats(saved.doubles("inputs.mean"), saved.doubles("inputs.std"));
    require(
        stats.channels() == Architecture.CHANNELS,
        "its images have " + stats.channels() + " channels, not " + Architecture.CHANNELS);
    Zca zca = null;
    if (saved.names().contains("inputs.zca")) {
      int s = Zca.FILTER * Zca.FILTER * Architecture.CHANNELS;
      Tensor z = backend.zeros(s, s);
      load(saved, file, "inputs.zca", z);
      zca = new Zca(Zca.FILTER, z);
    }
    return new Preprocessing(backend, stats, zca);
  }

  /** Scores (b, classes) of preprocessed images (b, side, side, c); the largest names the class. */
  public Tensor scores(Tensor images) {
    return head.scores(network, images, classNames.size());
  }

  /** The accuracy on examples. */
  public Accuracy accuracy(Examples examples) {
    return accuracy(examples, _ -> {});
  }

  /**
   * The accuracy on examples.
   *
   * @param seen receives the scores (b, classes) of the examples, in their order
   */
  public Accuracy accuracy(Examples examples, Consumer<float[]> seen) {
    return accuracy(DataLoader.once(inputs, examples), this::scores, seen);
  }

  /** The same accuracy, by way of the features of the examples, made as the head asks for. */
  Accuracy accuracy(FeatureFile features, Examples examples, Consumer<float[]> seen) {
    int classes = classNames.size();
    return accuracy(
        DataLoader.once(features, examples), x -> head.scores(x, classes, network), seen);
  }

  private static Accuracy accuracy(
      DataLoader batches, UnaryOperator<Tensor> classifier, Consumer<float[]> seen) {
    Accuracy accuracy =
        Accuracy.of(
            batches,
            x -> {
              Tensor scores = classifier.apply(x);
              seen.accept(scores.toArray());
              return scores;
            });
    if (Double.isNaN(accuracy.top1())) {
      throw new IllegalStateException(
          "the model gives scores that are no numbers; train it again at a lower learning rate");
    }
    return accuracy;
  }

  /**
   * Refuses data with other classes.
   *
   * @throws CheckpointException if the names of the classes differ
   */
  public void requireClasses(DataSet data) throws CheckpointException {
    List<String> others = data.train().classNames();
    if (classNames.equals(others)) {
      return;
    }
    int first = 0;
    while (first < Math.min(classNames.size(), others.size())
        && classNames.get(first).equals(others.get(first))) {
      first++;
    }
    throw new CheckpointException(
        "the model knows %s classes and %s has %s; they differ from number %s on: %s, but %s"
            .formatted(
                classNames.size(),
                data.name(),
                others.size(),
                first + 1,
                few(classNames.subList(first, classNames.size())),
                few(others.subList(first, others.size()))));
  }

  /** The first of some names, for a message. */
  static String few(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())));
    return names.isEmpty() ? "none" : first + (names.size() > MOST_NAMES ? " ..." : "");
  }

  /** Reads a tensor into a target, which must have the same shape. */
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
    target.write(saved.finiteFloats(name));
  }
}
