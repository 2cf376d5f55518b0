package org.fasthebb.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.Hyperparameters;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.models.protocol.Settings.Rule;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.option.FineTuneOptions;
import org.fasthebb.tools.option.PretrainOptions;
import org.fasthebb.tools.report.FilterPicture;
import org.fasthebb.tools.report.Findings;
import org.fasthebb.tools.report.Results;
import org.fasthebb.tools.report.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The whole experiment. */
@Command(
    name = "run",
    description = "Pre-train, fine-tune and test, and write a report: the whole experiment.")
public final class RunCommand extends TrainingCommand {
  @Mixin private PretrainOptions pretrain;
  @Mixin private FineTuneOptions fineTune;

  private RunCommand() {}

  @Override
  void check() {
    pretrain.check(this);
    fineTune.check(this);
  }

  @Override
  void work(Backend backend, DataSet images, ConsoleProgress progress) throws CheckpointException {
    Settings settings =
        new Settings(
            pretrain.rule(),
            pretrain.naive(),
            pretrain.zcaEpsilon(),
            pretrain.vaeLoss(),
            fineTune.labels().fraction(),
            pretrain.epochs(),
            fineTune.epochs(),
            training().batch(),
            fineTune.schedule(),
            fineTune.over(pretrain.over(Hyperparameters.AUTHORS)),
            training().seed());
    String name =
        Text.format(
            "%s-%s-%spercent-seed%d",
            images.name(), pretrain.rule(), fineTune.labels().digits(), settings.seed());
    Path folder = training().out(name);
    Session.run(backend, images, settings, folder, progress, this::experiment);
  }

  private void experiment(Session session) throws CheckpointException {
    session.requireLabels();
    Experiment.Phase first = session.experiment().pretrain();
    Rule rule = pretrain.rule();
    // Drawn now, because fine-tuning goes on with these very weights.
    FilterPicture before =
        FilterPicture.of(
            first.model().network(), rule.isPretrained() ? "after pre-training" : "at random");
    Experiment.Phase second = session.experiment().fineTune(first.model());
    FilterPicture after = FilterPicture.of(second.model().network(), "after fine-tuning");
    double test = session.test(second.model());
    History outcome = first.outcome();
    finish(
        new Findings(
            session,
            Results.of(session, outcome, second.outcome(), test),
            outcome,
            second.outcome(),
            List.of(before, after),
            command(null),
            List.of(REPORT, RESULTS, Experiment.PRETRAINED, Experiment.MODEL),
            switch (rule) {
              case NONE, FROZEN, SUPERVISED ->
                  new Findings.Next("the same with pre-training", command(Rule.HPCA));
              case VAE -> new Findings.Next("the same by a Hebbian rule", command(Rule.HPCA));
              case HPCA, SWTA ->
                  new Findings.Next("the same without pre-training", command(Rule.NONE));
            }),
        RESULTS,
        REPORT);
  }

  private String command(Rule other) {
    List<String> more = new ArrayList<>(pretrain.words(other));
    more.addAll(fineTune.words());
    return command("run", training().seed(), more);
  }
}
