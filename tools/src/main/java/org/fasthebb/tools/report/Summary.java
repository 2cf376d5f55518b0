package org.fasthebb.tools.report;

import java.io.PrintWriter;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.option.Percent;

/** The results in a few lines for people, the accuracy first. */
public final class Summary {
  private Summary() {}

  public static void print(PrintWriter out, Findings findings) {
    Results results = findings.results();
    out.println();
    if (results.testAccuracy() != null) {
      line(
          out,
          "Test accuracy",
          Text.percent(results.testAccuracy())
              + " of "
              + Text.count(results.testImages(), "image")
              + " (guessing among "
              + results.classes()
              + " classes would give "
              + Text.percent(findings.chance())
              + ")");
    }
    if (results.testTop5() != null) {
      line(
          out,
          "Top-5 accuracy",
          Text.format(
              "%s (guessing: %s)",
              Text.percent(results.testTop5()), Text.percent(findings.chanceOfTop5())));
    }
    if (results.validationAccuracy() != null) {
      line(
          out,
          "Validation",
          (Text.percent(findings.last().accuracy()) + " " + findings.best()).strip()
              + (findings.fineTuning() == null ? " (Hebbian read-out)" : ""));
    }
    if (results.labelledImages() != null) {
      line(
          out,
          "Labels",
          Percent.of(results.labels())
              + " of the training images that are not held out, "
              + Text.count(results.labelledImages()));
    }
    line(out, "Pre-training", pretraining(findings));
    if (findings.fineTuning() != null) {
      String time = Text.seconds(findings.fineTuning().seconds());
      String length = findings.readOutLength();
      line(out, findings.readOutName(), length.isEmpty() ? time : length + " in " + time);
    }
    out.println();
    out.println("In " + results.out() + ": " + String.join(", ", findings.files()));
    out.println("Next, " + findings.next().why() + ":");
    out.println("  " + findings.next().command());
  }

  /** What pre-training was done, in words. */
  static String pretraining(Findings findings) {
    Results results = findings.results();
    if (results.epochs() == 0) {
      Method method = findings.session().settings().pretrain().method();
      return method.isPretrained()
          ? method + " without any epoch, the control"
          : method + ", the control (" + method.title() + ")";
    }
    String rule =
        results.vaeLoss() == null
            ? results.rule() + " in its " + results.form() + " form, "
            : "vae by the loss " + results.vaeLoss() + ", ";
    History history = findings.pretraining();
    return rule
        + (history == null ? Text.count(results.epochs(), "epoch") : phase(history))
        + validationLoss(history);
  }

  /** The loss that decided on the best epoch, if it was a loss. */
  private static String validationLoss(History history) {
    return history == null || history.bestEpoch() == 0 || history.validationLosses().isEmpty()
        ? ""
        : Text.format(
            "; validation loss %.4g after the best, %d",
            history.validationLosses().get(history.bestEpoch() - 1), history.bestEpoch());
  }

  /** Epochs and time of a phase. */
  static String phase(History history) {
    return Text.count(history.epochs(), "epoch") + " in " + Text.seconds(history.seconds());
  }

  private static void line(PrintWriter out, String name, String value) {
    out.println(Text.format("%-14s %s", name, value));
  }
}
