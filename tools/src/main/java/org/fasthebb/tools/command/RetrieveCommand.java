package org.fasthebb.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.GivenFeatures;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.retrieval.Distance;
import org.fasthebb.models.retrieval.Features;
import org.fasthebb.models.retrieval.RetrievalScores;
import org.fasthebb.models.retrieval.Search;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.ComputeOptions;
import org.fasthebb.tools.option.DataOptions;
import org.fasthebb.tools.option.LayerOption;
import org.fasthebb.tools.photos.FeatureOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Searches the training images for each test image; writes nothing. */
@Command(
    name = "retrieve",
    description = {
      "Search the training images of a data set for those most similar to each test image, by the"
          + " features of a model, and say how many are of its class.",
      "",
      "The images may have other classes than the model was trained on. Features that embed or"
          + " another program wrote take the place of a model and images: --train and --test."
    },
    footer = {
      "",
      "Examples:",
      "  ./fasthebb retrieve --model runs/mine/model.safetensors --data folder --data-dir photos",
      "  ./fasthebb retrieve --train train.npy --test test.npy"
    })
public final class RetrieveCommand extends ToolCommand {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "A model.safetensors or pretrained.safetensors.")
  private Path file;

  @Mixin private DataOptions data;
  @Mixin private FeatureOptions given;

  @Mixin private LayerOption layer;

  @Option(
      names = "--k",
      paramLabel = "N",
      defaultValue = "10",
      description = "Number of nearest images to find. Default: ${DEFAULT-VALUE}.")
  private int k;

  @Option(
      names = "--distance",
      paramLabel = "DISTANCE",
      defaultValue = "cosine",
      description = "Distance of features: cosine or euclidean. Default: ${DEFAULT-VALUE}.")
  private Distance distance;

  @Mixin private ComputeOptions compute;

  private RetrieveCommand() {}

  /** The scores, which {@code --json} prints. */
  public record Retrieval(
      double knnAccuracy,
      double precisionAtK,
      double mapAtK,
      double map,
      int k,
      String distance,
      String layer,
      int features,
      int database,
      int queries,
      int classes,
      double featureSeconds,
      double searchSeconds,
      String data,
      String model) {

    /** The scores as lines of text, for people. */
    String text() {
      return String.join(
          System.lineSeparator(),
          Text.format(
              "Features       %s of %s, compared by %s distance",
              Text.count(features), layer, distance),
          Text.format(
              "k-NN accuracy  %s of %s by %s (guessing would give %s)",
              Text.percent(knnAccuracy),
              Text.count(queries, "image"),
              Text.count(k, "neighbour"),
              Text.percent(1.0 / classes)),
          Text.format("Precision      %s at %s", Text.percent(precisionAtK), Text.count(k)),
          Text.format(
              "mAP            %s at %s, %s over all of %s",
              Text.percent(mapAtK),
              Text.count(k),
              Text.percent(map),
              Text.count(database, "training image")),
          Text.format(
              "Time           %s for features, %s for the search",
              Text.seconds(featureSeconds), Text.seconds(searchSeconds)));
    }
  }

  @Override
  public Integer call() throws CheckpointException {
    data.check(this);
    compute.check(this);
    require(k >= 1, "--k is " + k + "; it must be at least 1");
    require(
        given.isGiven() != (file != null),
        "give either --model, and images, or the features in --train and --test");
    if (given.isGiven()) {
      given.check(this);
      require(
          !layer.isGiven() && !isGiven("--data"),
          "--layer and --data go with --model only; features in files are what they are");
      return searchGiven();
    }
    try (Backend backend = compute.backend()) {
      ModelFile model = ModelFile.read(backend, file);
      String stage =
          layer.among(this, new ArrayList<>(Features.stages(model.network(), backend).keySet()));
      Features features = new Features(model.network(), model.inputs(), stage);
      try (DataSet images = data.load(model.network().side())) {
        Retrieval found = retrieve(features, stage, images);
        answer(compute.json(), found, found.text());
      }
    }
    return 0;
  }

  private Integer searchGiven() throws CheckpointException {
    try (Backend backend = compute.backend()) {
      long start = System.nanoTime();
      FeatureOptions.Given features = given.load(backend);
      GivenFeatures train = features.train();
      GivenFeatures test = features.test();
      FoundFeatures found =
          new FoundFeatures(train.all(), train.set(), test.all(), test.set(), secondsSince(start));
      Retrieval scores = search(found, given.name(), given.name(), null);
      answer(compute.json(), scores, scores.text());
    }
    return 0;
  }

  /** Features of the training images and of the test images, and how long they took. */
  private record FoundFeatures(
      Tensor database, ImageSource train, Tensor queries, ImageSource test, double seconds) {}

  private Retrieval retrieve(Features features, String stage, DataSet images) {
    Examples train = Examples.all(images.train());
    Examples test = Examples.all(images.test());
    long start = System.nanoTime();
    Tensor database = features(features, train, "training");
    Tensor queries = features(features, test, "test");
    FoundFeatures found =
        new FoundFeatures(database, images.train(), queries, images.test(), secondsSince(start));
    return search(found, stage, images.name(), file.toString());
  }

  private Retrieval search(FoundFeatures found, String stage, String data, String model) {
    say("searching " + Text.count(found.train.size(), "image") + " for each of the test images");
    long start = System.nanoTime();
    RetrievalScores scores =
        RetrievalScores.of(
            new Search(found.database, distance),
            found.train.labels(),
            found.queries,
            found.test.labels(),
            k);
    return new Retrieval(
        scores.accuracy(),
        scores.precisionAtK(),
        scores.mapAtK(),
        scores.map(),
        scores.k(),
        Text.name(distance),
        stage,
        found.database.size(1),
        found.train.size(),
        found.test.size(),
        found.train.classes(),
        found.seconds,
        secondsSince(start),
        data,
        model);
  }

  private Tensor features(Features features, Examples examples, String what) {
    say("computing features of " + Text.count(examples.size(), what + " image"));
    return features.of(examples);
  }

  private void say(String text) {
    err().println(text);
    err().flush();
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
