package org.fasthebb.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.inputs.Zca;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.network.VaeLoss;
import org.fasthebb.models.protocol.Hyperparameters;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.Settings.Rule;

/**
 * A model to fine-tune, with what its file says of how it came about.
 *
 * @param model the model
 * @param rule of its pre-training
 * @param naive whether by the naive form
 * @param zcaEpsilon of its whitening, or the default if there is none
 * @param vaeLoss of its pre-training, or the default if it is no auto-encoder
 * @param epochs of its pre-training
 * @param seed of its pre-training
 * @param hyperparameters of its pre-training; the authors' for fine-tuning
 * @param outcome of its pre-training, or null if the file beside it is gone
 */
record PretrainedModel(
    ModelFile model,
    Rule rule,
    boolean naive,
    double zcaEpsilon,
    VaeLoss vaeLoss,
    int epochs,
    long seed,
    Hyperparameters hyperparameters,
    History outcome) {
  private static final Pattern IDENTITY =
      Pattern.compile(
          ".* rule=(\\w+) form=(\\w+) zca_epsilon=(\\S+) epochs=(\\d+) batch=\\d+ seed=(-?\\d+)"
              + "(?: vae_loss=(\\w+))?(?: eta=(\\S+))?(?: temperature=(\\S+))?");

  /** Reads a model that {@code pretrain} or {@code run} left. */
  static PretrainedModel read(Backend backend, Path file) throws CheckpointException {
    ModelFile model = ModelFile.read(backend, file);
    if (model.head().containsKey("fc.weight")) {
      throw new CheckpointException(
          file + " is fine-tuned already; give the pretrained.safetensors beside it");
    }
    String identity = model.provenance().getOrDefault("identity", "");
    Matcher parts = IDENTITY.matcher(identity);
    if (!parts.matches()) {
      throw new CheckpointException(file + " does not say how it was pre-trained");
    }
    try {
      return new PretrainedModel(
          model,
          Rule.valueOf(parts.group(1).toUpperCase(Locale.ROOT)),
          parts.group(2).equals("naive"),
          parts.group(3).equals("none") ? Zca.EPSILON : Double.parseDouble(parts.group(3)),
          parts.group(6) == null
              ? VaeLoss.AUTHORS
              : VaeLoss.valueOf(parts.group(6).toUpperCase(Locale.ROOT)),
          Integer.parseInt(parts.group(4)),
          Long.parseLong(parts.group(5)),
          Hyperparameters.AUTHORS.withPretraining(
              number(parts.group(7), Hyperparameters.AUTHORS.eta()),
              number(parts.group(8), Hyperparameters.AUTHORS.temperature())),
          outcome(file));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          file + " was pre-trained in a way that is not known here: " + identity, e);
    }
  }

  private static float number(String text, float usual) {
    return text == null ? usual : Float.parseFloat(text);
  }

  private static History outcome(Path file) throws CheckpointException {
    String name = file.getFileName().toString().replaceFirst("\\.safetensors$", "");
    Path json = file.resolveSibling(name + ".json");
    return Files.isRegularFile(json) ? Json.read(json, History.class) : null;
  }
}
