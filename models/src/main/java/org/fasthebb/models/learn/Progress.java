package org.fasthebb.models.learn;

import org.fasthebb.models.inputs.StepProgress;

/** Is told how training goes. */
public interface Progress extends StepProgress {
  /** Ignores everything. */
  Progress SILENT =
      new Progress() {
        @Override
        public void message(String text) {}

        @Override
        public void step(String phase, int epoch, int epochs, long done, long total) {}

        @Override
        public void epoch(
            String phase, int epoch, int epochs, double loss, Criterion criterion, double value) {}
      };

  /** Something worth a line of its own. */
  void message(String text);

  /**
   * An epoch is done.
   *
   * @param loss mean over its steps; 0 for a rule that has none
   * @param criterion what validation measures
   * @param value that it found
   */
  void epoch(String phase, int epoch, int epochs, double loss, Criterion criterion, double value);
}
