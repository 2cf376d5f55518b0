package org.fasthebb.models.use;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Response;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.learn.Classifier;
import org.fasthebb.models.learn.Normalisation;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.GridPool;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.Version;
import org.fasthebb.models.readout.FeatureForm;
import org.fasthebb.models.readout.NearestNeighbours;

/**
 * Writes a model as an ONNX file: the preparation of images, the network, and what tells classes.
 *
 * <p>Its input is {@code images} (batch, 3, side, side): red, green and blue of pixels, from 0 to
 * 1, as most ONNX models of images take them. Its outputs are
 *
 * <ul>
 *   <li>{@code features} (batch, F), the same as those of {@link Model#features(Path)};
 *   <li>{@code scores} (batch, classes), unless the model has seen no labels at all;
 *   <li>{@code probabilities} (batch, classes), if the model {@linkplain
 *       ModelFile#givesProbabilities gives them}.
 * </ul>
 *
 * <p>Its metadata are those of the model's own file: class names, settings, seed and data.
 */
public final class OnnxExport {
  private static final String BATCH = "batch";
  private static final int[] CHANNEL = {1};

  private final ModelFile model;
  private final OnnxGraph graph = new OnnxGraph();

  private OnnxExport(ModelFile model) {
    this.model = model;
  }

  /** What an ONNX file takes and gives. */
  public record OnnxSummary(int side, int features, boolean scores, boolean probabilities) {}

  /**
   * Writes a file, whole or not at all.
   *
   * @throws CheckpointException in one sentence, if it cannot be written, or would have over 2 GB
   */
  public static OnnxSummary write(Model model, Path file) throws CheckpointException {
    OnnxExport export = new OnnxExport(model.file());
    OnnxSummary summary = model.inScope(export::add);
    SafeTensors.metadata(model.path()).forEach(export.graph::metadata);
    export.graph.write(file, Version.VERSION);
    return summary;
  }

  private OnnxSummary add() {
    Network network = model.network();
    FeatureForm form = model.head().form();
    int side = network.side();
    int channels = Architecture.CHANNELS;
    String doc = "red, green and blue of pixels, from 0 to 1";
    String images = graph.input("images", doc, BATCH, channels, side, side);
    graph.enter("inputs");
    OnnxMaps prepared = new OnnxMaps(images, side, side, channels);
    prepared = prepared.named(model.inputs().onnx(graph, prepared));
    OnnxMaps seen = form.mirrored() ? prepared.named(withMirrored(prepared)) : prepared;
    Map<String, OnnxMaps> stages = network.onnx(graph, seen);
    graph.enter("features");
    OnnxMaps last = stages.get(network.stages().getLast().name());
    String plain = flat(form.mirrored() ? last.named(first(last)) : last);
    graph.output("features", plain, "features of the images", BATCH, network.featureCount());
    if (model.head().tensors().isEmpty()) {
      return new OnnxSummary(side, network.featureCount(), false, false);
    }
    String own = form.equals(FeatureForm.PLAIN) ? plain : features(form, last, stages);
    graph.enter("head");
    String scores = scores(normalised(own, form));
    int classes = model.classNames().size();
    graph.output("scores", scores, "the largest names the class", BATCH, classes);
    if (model.givesProbabilities()) {
      String shares = graph.node("Softmax", Map.of("axis", 1), scores);
      graph.output("probabilities", shares, "those of the classes, which sum to 1", BATCH, classes);
    }
    return new OnnxSummary(side, network.featureCount(), true, model.givesProbabilities());
  }

  // ---- features

  /** The images, then their mirror images. */
  private String withMirrored(OnnxMaps images) {
    String mirrored =
        graph.node(
            "Slice",
            images.name(),
            graph.list("from", -1),
            graph.list("to", -1 - images.w()),
            graph.list("axis", 3),
            graph.list("step", -1));
    return graph.node("Concat", Map.of("axis", 0), images.name(), mirrored);
  }

  /** Maps (2, batch, c, h, w) of the images and of their mirror images. */
  private String pairs(OnnxMaps maps) {
    return graph.node(
        "Reshape", maps.name(), graph.list("pairs", 2, -1, maps.c(), maps.h(), maps.w()));
  }

  private String first(OnnxMaps maps) {
    String whole = graph.list("shape", -1, maps.c(), maps.h(), maps.w());
    String one =
        graph.node(
            "Slice",
            pairs(maps),
            graph.list("from", 0),
            graph.list("to", 1),
            graph.list("axis", 0));
    return graph.node("Reshape", one, whole);
  }

  /** Features (batch, F) in this program's order: row by row, channels innermost. */
  private String flat(OnnxMaps maps) {
    String innermost = graph.node("Transpose", Map.of("perm", new int[] {0, 2, 3, 1}), maps.name());
    return graph.node("Flatten", innermost);
  }

  /** The same as {@link FeatureForm#features}. */
  private String features(FeatureForm form, OnnxMaps last, Map<String, OnnxMaps> stages) {
    List<String> blocks = model.network().architecture().blockEnds();
    List<String> parts = new ArrayList<>();
    if (form.joined()) {
      stages.forEach((stage, maps) -> {
        if (blocks.contains(stage)) {
          parts.add(features(form, maps));
        }
      });
    } else {
      parts.add(features(form, last));
    }
    return graph.node("Concat", Map.of("axis", 1), parts.toArray(String[]::new));
  }

  private String features(FeatureForm form, OnnxMaps maps) {
    OnnxMaps own = maps;
    if (form.mirrored()) {
      Map<String, Object> both = Map.of("axes", new int[] {0}, "keepdims", 0);
      own = own.named(graph.node("ReduceMean", both, pairs(own)));
    }
    if (form.pooled() != 0) {
      own = own.named(GridPool.onnx(graph, own, form.pooled()));
    }
    String flat = flat(own);
    if (form.power() == 1) {
      return flat;
    }
    String power = graph.scalar("power", form.power());
    String raised = graph.node("Pow", graph.node("Abs", flat), power);
    return graph.node("Mul", graph.node("Sign", flat), raised);
  }

  // ---- what tells classes

  private Tensor tensor(String name) {
    return model.head().tensors().get(name);
  }

  private String constant(String name) {
    return graph.constant(name, tensor(name));
  }

  private String normalised(String features, FeatureForm form) {
    String scaled = features;
    if (model.head().tensors().containsKey(Normalisation.MEAN)) {
      int n = tensor(Normalisation.MEAN).size();
      float[] ones = new float[n];
      Arrays.fill(ones, 1);
      scaled =
          graph.node(
              "BatchNormalization",
              features,
              graph.constant("scale", ones, n),
              graph.constant("shift", new float[n], n),
              constant(Normalisation.MEAN),
              constant(Normalisation.VARIANCE));
    }
    if (form.whitened() > 0) {
      scaled = graph.node("MatMul", scaled, constant(Normalisation.WHITENING)); // symmetric
    }
    if (!form.unitLength()) {
      return scaled;
    }
    String length = graph.node("ReduceL2", Map.of("axes", CHANNEL), scaled);
    String least = graph.scalar("least", Normalisation.LEAST_LENGTH);
    return graph.node("Div", scaled, graph.node("Add", length, least));
  }

  private String scores(String features) {
    Map<String, Tensor> tensors = model.head().tensors();
    Map<String, Integer> rows = Map.of("transB", 1);
    if (tensors.containsKey(NearestNeighbours.ROWS)) {
      return votes(graph.node("Gemm", rows, features, constant(NearestNeighbours.ROWS)));
    }
    if (model.head().isClassifier()) {
      return graph.node(
          "Gemm", rows, features, constant(Classifier.WEIGHT), constant(Classifier.BIAS));
    }
    Tensor centroids = tensor(model.network().architecture().readOut() + ".weight");
    String directions = graph.constant("centroids", Response.SIGNED.directions(centroids));
    return graph.node("Gemm", rows, features, directions);
  }

  /** The votes of the nearest neighbours, as {@link NearestNeighbours#scores} counts them. */
  private String votes(String products) {
    int classes = model.classNames().size();
    int k = (int) tensor(NearestNeighbours.K).item();
    int voters = Math.min(k, tensor(NearestNeighbours.LABELS).size());
    String nearest = graph.second("TopK", Map.of("axis", 1), products, graph.list("k", voters));
    String ballots = graph.node("Gather", graph.constant("ballots", ballots(classes)), nearest);
    float[] extra = new float[voters];
    IntStream.range(0, voters).forEach(rank -> extra[rank] = 0.5f / (1 + rank));
    String firsts =
        graph.node(
            "ReduceMax",
            Map.of("axes", CHANNEL, "keepdims", 0),
            graph.node("Mul", ballots, graph.constant("extra", extra, voters, 1)));
    String count = graph.node("ReduceSum", Map.of("keepdims", 0), ballots, graph.list("voters", 1));
    return graph.node("Add", count, firsts);
  }

  /** The one-hot labels (L, classes) of the labelled images. */
  private Tensor ballots(int classes) {
    Tensor labels = tensor(NearestNeighbours.LABELS);
    float[] values = labels.toArray();
    int[] numbers = IntStream.range(0, values.length).map(i -> (int) values[i]).toArray();
    return labels.backend().oneHot(numbers, classes);
  }
}
