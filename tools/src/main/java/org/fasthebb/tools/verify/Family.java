package org.fasthebb.tools.verify;

import java.util.Collection;
import java.util.regex.Pattern;

/**
 * The kinds of golden files. A file's name begins with the name of its kind; otherwise the kind is
 * the first one of which the file has a characteristic tensor. A file that has only the shape of
 * its images is of a kind of its own, whatever its name.
 */
enum Family {
  /** One layer under soft-WTA. */
  LAYER_SWTA("layer_swta", "[^.]+\\.(x|w|labels)", "[^.]+\\.c"),
  /** One layer under HPCA. */
  LAYER_HPCA("layer_hpca", "[^.]+\\.(x|w)", "[^.]+\\.delta_w_(non)?fast"),
  /** Batch norm, plain and modified. */
  MODIFIED_BN("modified_bn", "[^.]+\\.(gamma|beta|x\\d+|dy\\d+)", "[^.]+\\.running_(mean|var)\\d+"),
  /** Hebbian learning of the small network. */
  NET6("net6", "seed|x|labels", "logits_train\\.it\\d+|w\\.\\w+\\.it\\d+"),
  /** ZCA whitening. */
  ZCA("zca", "[^.]+\\.(images_u8|filter_size)", "[^.]+\\.images_u8"),
  /** The variational auto-encoder around the small network. */
  VAE("vae", "seed|(big\\.)?(x|eps)", "(big\\.)?logvar"),
  /** One layer of SoftHebb. */
  SOFTHEBB("softhebb", "[^.]+\\.(x|w|t_invert_lr0_power|pad)", "[^.]+\\.t_invert_lr0_power"),
  /** Supervised fine-tuning of the small network. */
  FINETUNE("finetune", "x|labels|\\w+\\.seed", "\\w+\\.(loss|p\\..*|grad\\..*)"),
  /** The network of ten layers, or whitening for it, with images that a generator makes. */
  GENERATED("", "(?!)", "(?!)"),
  /** Any other file. */
  UNKNOWN("", "(?!)", ".*");

  private final String prefix;
  private final Pattern input;
  private final Pattern telltale;

  Family(String prefix, String input, String telltale) {
    this.prefix = prefix;
    this.input = Pattern.compile(input);
    this.telltale = Pattern.compile(telltale);
  }

  /** The kind of a file with this name (without the ending) and these tensors. */
  static Family of(String stem, Collection<String> names) {
    if ((names.contains("x_shape") && !names.contains("x")) || names.contains("images_shape")) {
      return GENERATED;
    }
    for (Family family : values()) {
      if (!family.prefix.isEmpty() && stem.startsWith(family.prefix)) {
        return family;
      }
    }
    for (Family family : values()) {
      if (names.stream().anyMatch(name -> family.telltale.matcher(Part.tensor(name)).matches())) {
        return family;
      }
    }
    return UNKNOWN;
  }

  /** Whether a tensor is an input of the computation, which is not compared. */
  boolean isInput(String tensor) {
    return input.matcher(tensor).matches();
  }

  /** Why tensors of such a file are not compared, where nothing computes them. */
  String lack(String tensor, boolean more) {
    return this == GENERATED
        ? ": needs the ten-layer network and images from the generator, which are not here yet"
        : " not implemented: " + tensor + (more ? " ..." : "");
  }

  /** The case that a tensor belongs to, as it is printed. */
  String caseOf(String tensor) {
    String[] parts = tensor.replaceAll("\\bbn\\d+\\b", "bn").split("\\.");
    return switch (this) {
      case UNKNOWN, GENERATED -> "";
      case VAE -> parts[0].equals("big") ? "big" : "small";
      case FINETUNE -> parts.length > 1 ? parts[0] + " " + parts[1] : parts[0];
      default -> parts[0];
    };
  }
}
