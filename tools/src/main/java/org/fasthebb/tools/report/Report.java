package org.fasthebb.tools.report;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.network.Stage;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ReadOut;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.Machine;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.option.Percent;
import org.fasthebb.tools.tables.Sample;

/** The report of a training command: one web page that needs no other file. */
public final class Report {
  private final Findings findings;
  private final Results results;
  private final Html html;

  private Report(Findings findings) {
    this.findings = findings;
    results = findings.results();
    html = Html.openPage("FastHebb: " + headline(), ConfusionTable.CSS + Pictures.CSS);
  }

  /** Writes the page, whole or not at all. */
  public static void write(Path file, Findings findings) throws CheckpointException {
    AtomicFile.writeString(file, new Report(findings).page());
  }

  private String page() {
    html.element("h1", headline());
    html.element("p", lead(), "class", "lead");
    figures();
    curves();
    if (findings.predictions() != null) {
      new ConfusionTable(findings.predictions()).draw(html);
      Mistakes.draw(html, findings.predictions());
    }
    filters();
    network();
    provenance();
    return html.closePage().toString();
  }

  private String headline() {
    String how =
        results.epochs() == 0
            ? "control without pre-training ("
                + results.rule()
                + (findings.session().settings().pretrain().method().isPretrained()
                    ? ", no epoch)"
                    : ")")
            : results.rule().toUpperCase(Locale.ROOT) + " pre-training";
    return findings.fineTuning() == null
        ? capital(how) + " on " + results.data()
        : capital(how) + " and " + Percent.of(results.labels()) + " labels on " + results.data();
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private String lead() {
    Settings settings = findings.session().settings();
    Method method = settings.pretrain().method();
    Method.Learning learning = results.epochs() == 0 ? Method.Learning.NOTHING : method.learning();
    String images =
        Text.count(settings.split(findings.session().data().train().size()).train().length);
    String learn =
        "All layers but the classifier learn from " + images + " images without labels, ";
    String before =
        switch (learning) {
          case NOTHING ->
              (method.isFromPatches()
                      ? "The weights are random patches of what each layer sees."
                      : "The network starts from random weights.")
                  + " This is a control: what pre-training gains is its accuracy over this one.";
          case AUTO_ENCODER -> learn + "by backprop, as the encoder of a variational auto-encoder.";
          case HEBBIAN -> learn + "by the Hebbian rule " + method + " (" + method.title() + ").";
        };
    return findings.fineTuning() == null ? before : before + " " + labels(settings, method);
  }

  private String labels(Settings settings, Method method) {
    String onImages = " on " + Text.count(results.labelledImages(), "labelled image") + ".";
    ReadOut readOut = settings.readOut().readOut();
    String features = " their features (" + settings.readOut().form().describe() + ")" + onImages;
    return switch (readOut) {
      case FINE_TUNE -> fineTuning(method) + onImages;
      case LINEAR -> "A linear classifier is then trained on their features" + onImages;
      case RIDGE -> "Ridge regression then learns the labels from" + features;
      case CENTROIDS -> "An image is of the class with the nearest mean of" + features;
      case KNN -> "An image is of the class of its nearest neighbours by" + features;
    };
  }

  private static String fineTuning(Method method) {
    return (method.isFrozen()
        ? "Backprop then trains the classifier alone"
        : "Backprop then trains the whole network");
  }

  private void figures() {
    html.open("dl", "class", "figures");
    if (results.testAccuracy() != null) {
      boolean high =
          Sample.isAboveChance(results.testAccuracy(), findings.chance(), results.testImages());
      figure(
          high ? "main" : "low",
          "Test accuracy",
          Text.percent(results.testAccuracy()),
          "of "
              + Text.count(results.testImages(), "image")
              + (high ? "; chance " : "; not above chance, ")
              + Text.percent(findings.chance()));
    }
    if (results.testTop5() != null) {
      double chance = findings.chanceOfTop5();
      boolean high = Sample.isAboveChance(results.testTop5(), chance, results.testImages());
      figure(
          high ? "" : "low",
          "Top-5 test accuracy",
          Text.percent(results.testTop5()),
          (high ? "chance " : "not above chance, ") + Text.percent(chance));
    }
    if (results.validationAccuracy() != null) {
      Session session = findings.session();
      int images = session.settings().split(session.data().train().size()).validation().length;
      boolean high = Sample.isAboveChance(results.validationAccuracy(), findings.chance(), images);
      figure(
          !high ? "low" : results.testAccuracy() == null ? "main" : "",
          "Validation accuracy",
          Text.percent(results.validationAccuracy()),
          high ? findings.best() : "not above chance " + findings.best());
    }
    if (results.epochs() == 0) {
      figure("low", "Pre-training", "none", "this is a control");
    } else if (findings.pretraining() != null) {
      History history = findings.pretraining();
      phase("Pre-training", history, Text.count(history.epochs(), "epoch"));
    }
    if (findings.fineTuning() != null) {
      phase(findings.readOutName(), findings.fineTuning(), findings.readOutLength());
    }
    html.close();
  }

  private void phase(String name, History history, String length) {
    figure("", name, Text.seconds(history.seconds()), length);
  }

  private void figure(String kind, String name, String value, String note) {
    html.open("div", "class", kind).element("dt", name).element("dd", value).element("dd", note);
    html.close();
  }

  private void curves() {
    List<Chart> charts = new ArrayList<>();
    if (findings.pretraining() != null) {
      String note = "A Hebbian read-out on the features; it sees the labels, the features do not.";
      addCurves(charts, "Pre-training", findings.pretraining(), note);
    }
    if (findings.fineTuning() != null) {
      addCurves(charts, findings.readOutName(), findings.fineTuning(), "");
    }
    if (!charts.isEmpty()) {
      html.element("h2", "Learning curves").open("div", "class", "pair");
      charts.forEach(chart -> chart.draw(html));
      html.close();
    }
  }

  private void addCurves(List<Chart> charts, String phase, History history, String readOut) {
    List<Double> accuracies = history.accuracies();
    if (!accuracies.isEmpty()) {
      Series curve = Series.percent("validation", Look.VALIDATION, accuracies);
      List<Series> series =
          List.of(
              Series.level("chance", Look.CHANCE, 100 * findings.chance(), accuracies.size()),
              curve,
              best(curve, history));
      charts.add(Chart.overEpochs(phase + ", accuracy", readOut, accuracyAxis(), series));
    }
    if (history.losses().stream().anyMatch(loss -> loss != 0)) {
      List<Series> series = new ArrayList<>();
      series.add(Series.of("training", Look.TRAINING, history.losses()));
      if (!history.validationLosses().isEmpty()) {
        Series curve = Series.of("validation", Look.VALIDATION, history.validationLosses());
        series.add(curve);
        series.add(best(curve, history));
      }
      String note =
          history.validationLosses().isEmpty()
              ? ""
              : "Both are means over images. That of training is taken during the epoch, while the"
                  + " network changes, and so is far higher in the first; that of validation after"
                  + " it.";
      charts.add(Chart.overEpochs(phase + ", loss", note, ValueAxis.of(series), series));
    }
  }

  private static Series best(Series curve, History history) {
    return curve.ringed("best epoch, " + history.bestEpoch(), history.bestEpoch() - 1);
  }

  /** One axis for all charts of accuracy, so that they can be compared. */
  private ValueAxis accuracyAxis() {
    return ValueAxis.percent(
        Stream.of(findings.pretraining(), findings.fineTuning())
            .filter(Objects::nonNull)
            .flatMap(history -> history.accuracies().stream())
            .mapToDouble(accuracy -> 100 * accuracy)
            .reduce(100 * findings.chance(), Math::max));
  }

  private void filters() {
    html.element("h2", "First-layer filters");
    html.open("div", "class", "pair");
    for (FilterPicture picture : findings.filters()) {
      html.open("figure");
      String alt = "filters of the first layer " + picture.when();
      html.single("img", "alt", alt, "src", picture.dataUri());
      html.open("figcaption").element("b", capital(picture.when()) + ".").close().close();
    }
    html.close();
    html.element(
        "p",
        "Each filter is scaled to its own range; red, green and blue are its weights for the three"
            + " colour channels"
            + (isWhitened() ? " of the whitened image." : "."),
        "class",
        "note");
  }

  private void network() {
    html.element("h2", "Network");
    html.open("div", "class", "scroll").open("table", "class", "facts").open("tbody");
    for (Stage stage : findings.network().stages()) {
      fact(stage.name(), stage.describe());
    }
    html.close().close().close();
  }

  private boolean isWhitened() {
    return findings.session().settings().pretrain().method().inputs() == Method.Inputs.WHITENED;
  }

  private void provenance() {
    html.element("h2", "Provenance");
    html.element("pre", findings.command());
    html.open("div", "class", "scroll").open("table", "class", "facts").open("tbody");
    var images = findings.session().data();
    fact("Rule", Summary.pretraining(findings));
    if (findings.fineTuning() != null) {
      String share = Percent.of(results.labels()) + " of the images that are not held out, ";
      fact("Labels", share + results.labelledImages() + " images");
      if (results.schedule() != null) {
        fact("Learning rate", "schedule of the " + results.schedule());
      }
    }
    fact("Batch", Text.count(results.batch(), "image"));
    fact("Seed", results.seed().toString());
    fact(
        "Data",
        results.data()
            + ": "
            + Text.count(images.train().size())
            + " training and "
            + Text.count(images.test().size())
            + " test images");
    fact("Classes", String.join(", ", images.train().classNames()));
    fact("Data SHA-256", results.dataFingerprint());
    fact("FastHebb", results.version());
    fact("Computed by", results.kernels());
    fact("Java", results.java());
    fact("System", results.os());
    fact(
        "Processor",
        Machine.processor().orElse("unknown")
            + ", "
            + Text.count(Machine.processors(), "processor"));
    fact("Memory", Text.memory(Machine.memory()));
    fact(
        "Written",
        LocalDateTime.now(ZoneId.systemDefault())
            .truncatedTo(ChronoUnit.MINUTES)
            .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT)));
    html.close().close().close();
  }

  private void fact(String name, String value) {
    html.open("tr").element("th", name).element("td", value).close();
  }
}
