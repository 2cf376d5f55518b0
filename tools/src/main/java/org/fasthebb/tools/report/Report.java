package org.fasthebb.tools.report;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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

/** The report of a training command: one web page that needs no other file. */
public final class Report {
  private final Findings findings;
  private final Results results;
  private final Html html = new Html();

  private Report(Findings findings) {
    this.findings = findings;
    results = findings.results();
  }

  /** Writes the page, whole or not at all. */
  public static void write(Path file, Findings findings) throws CheckpointException {
    AtomicFile.writeString(file, new Report(findings).page());
  }

  private String page() {
    String title = "FastHebb: " + results.rule() + " on " + results.data();
    html.raw("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
    html.single("meta", "charset", "utf-8");
    html.single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.element("title", title);
    html.open("style").raw(ReportStyle.CSS).close();
    html.close().open("body");
    html.element("h1", headline());
    html.element("p", lead(), "class", "lead");
    figures();
    curves();
    filters();
    network();
    provenance();
    return html.close().close().toString();
  }

  private String headline() {
    String how =
        results.epochs() == 0
            ? "no pre-training"
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
    String images =
        Text.count(settings.split(findings.session().data().train().size()).train().length);
    String learn =
        "All layers but the classifier learn from " + images + " images without labels, ";
    String before =
        switch (method.learning()) {
          case NOTHING -> "The network starts from random weights, the control for pre-training.";
          case AUTO_ENCODER -> learn + "by backprop, as the encoder of a variational auto-encoder.";
          case HEBBIAN -> learn + "by the Hebbian rule " + method + " (" + method.title() + ").";
        };
    return findings.fineTuning() == null ? before : before + " " + labels(settings, method);
  }

  private String labels(Settings settings, Method method) {
    String onImages = " on " + Text.count(results.labelledImages(), "labelled image") + ".";
    if (settings.readOut().readOut() == ReadOut.LINEAR) {
      return "A linear classifier is then trained on their features" + onImages;
    }
    return (method.isFrozen()
            ? "Backprop then trains the classifier alone"
            : "Backprop then trains the whole network")
        + onImages;
  }

  private void figures() {
    html.open("dl", "class", "figures");
    if (results.testAccuracy() != null) {
      figure(
          "main",
          "Test accuracy",
          Text.percent(results.testAccuracy()),
          "of "
              + Text.count(results.testImages(), "image")
              + "; chance "
              + Text.percent(findings.chance()));
    }
    if (results.validationAccuracy() != null) {
      History last = findings.fineTuning() == null ? findings.pretraining() : findings.fineTuning();
      figure(
          results.testAccuracy() == null ? "main" : "",
          "Validation accuracy",
          Text.percent(results.validationAccuracy()),
          "after epoch " + last.bestEpoch() + " of " + last.epochs());
    }
    if (findings.pretraining() != null && findings.pretraining().epochs() > 0) {
      phase("Pre-training", findings.pretraining());
    }
    if (findings.fineTuning() != null) {
      phase(findings.readOutName(), findings.fineTuning());
    }
    html.close();
  }

  private void phase(String name, History history) {
    figure("", name, Text.seconds(history.seconds()), Text.count(history.epochs(), "epoch"));
  }

  private void figure(String kind, String name, String value, String note) {
    html.open("div", "class", kind).element("dt", name).element("dd", value).element("dd", note);
    html.close();
  }

  private void curves() {
    Map<String, History> curves = new LinkedHashMap<>();
    if (findings.pretraining() != null && !findings.pretraining().accuracies().isEmpty()) {
      curves.put("Pre-training", findings.pretraining());
    }
    if (findings.fineTuning() != null && !findings.fineTuning().accuracies().isEmpty()) {
      curves.put(findings.readOutName(), findings.fineTuning());
    }
    if (curves.isEmpty()) {
      return;
    }
    double highest = findings.chance();
    for (History history : curves.values()) {
      highest = Math.max(highest, Collections.max(history.accuracies()));
    }
    double top = EpochAxes.top(highest);
    html.element("h2", "Validation accuracy");
    html.open("div", "class", "pair");
    curves.forEach((name, history) -> {
      html.open("figure", "class", curves.size() == 1 ? "alone" : "");
      new AccuracyChart(name, history.accuracies(), history.bestEpoch(), findings.chance(), top)
          .draw(html);
      html.open("figcaption").element("b", name + ". ").text(caption(name, history)).close();
      html.close();
    });
    html.close();
  }

  private static String caption(String name, History history) {
    return name.equals("Pre-training")
        ? "A Hebbian read-out on the features; it sees the labels, the features do not."
        : Text.format(
            "Training loss from %.3f to %.3f.",
            history.losses().getFirst(), history.losses().getLast());
  }

  private void filters() {
    html.element("h2", "First-layer filters");
    html.open("div", "class", "pair");
    for (FilterPicture picture : findings.filters()) {
      html.open("figure", "class", findings.filters().size() == 1 ? "alone" : "");
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
      fact("Labels", Percent.of(results.labels()) + ", " + results.labelledImages() + " images");
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
    fact("Memory", Text.gib(Machine.memory()));
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
