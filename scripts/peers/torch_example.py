"""PyTorch's DCGAN example, eager or compiled: alternating updates with one noise for both."""

import torch
from torch import nn

from peers.workloads import WORKLOADS, examples

SCHEDULE = "alternating_shared"


def dcgan64(norm):
    generator = [nn.Linear(100, 4 * 4 * 1024, bias=False), nn.Unflatten(1, (1024, 4, 4))]
    generator += [nn.BatchNorm2d(1024), nn.ReLU(True)]
    widths = (1024, 512, 256, 128)
    for before, after in zip(widths, widths[1:]):
        generator += [
            nn.ConvTranspose2d(before, after, 5, 2, 2, output_padding=1, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(True),
        ]
    generator += [nn.ConvTranspose2d(128, 3, 5, 2, 2, output_padding=1), nn.Tanh()]
    discriminator, before = [], 3
    for after in (128, 256, 512, 1024):
        discriminator.append(nn.Conv2d(before, after, 5, 2, 2))
        if norm and after > 128:
            discriminator.append(nn.BatchNorm2d(after))
        discriminator.append(nn.LeakyReLU(0.2, inplace=not norm))
        before = after
    discriminator += [nn.Flatten(), nn.Linear(4 * 4 * 1024, 1)]
    return nn.Sequential(*generator), nn.Sequential(*discriminator)


def tutorial28():
    generator = [nn.Linear(100, 7 * 7 * 256, bias=False), nn.BatchNorm1d(7 * 7 * 256)]
    generator += [nn.LeakyReLU(0.3), nn.Unflatten(1, (256, 7, 7))]
    generator += [nn.ConvTranspose2d(256, 128, 5, 1, 2, bias=False), nn.BatchNorm2d(128)]
    generator += [nn.LeakyReLU(0.3)]
    generator += [nn.ConvTranspose2d(128, 64, 5, 2, 2, output_padding=1, bias=False)]
    generator += [nn.BatchNorm2d(64), nn.LeakyReLU(0.3)]
    generator += [nn.ConvTranspose2d(64, 1, 5, 2, 2, output_padding=1, bias=False), nn.Tanh()]
    discriminator = [nn.Conv2d(1, 64, 5, 2, 2), nn.LeakyReLU(0.3), nn.Dropout(0.3)]
    discriminator += [nn.Conv2d(64, 128, 5, 2, 2), nn.LeakyReLU(0.3), nn.Dropout(0.3)]
    discriminator += [nn.Flatten(), nn.Linear(7 * 7 * 128, 1)]
    return nn.Sequential(*generator), nn.Sequential(*discriminator)


def mixture():
    def net(outputs):
        return nn.Sequential(
            nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, outputs)
        )

    return net(2), net(1)


NETWORKS = {
    "W1": lambda: dcgan64(True),
    "W2": lambda: dcgan64(False),
    "W3": tutorial28,
    "W4": mixture,
}


def build(workload, batch, bfloat16=False, compiled=False):
    """A function that trains for so many generator updates."""
    torch.manual_seed(0)
    name = next(name for name, other in WORKLOADS.items() if other is workload)
    generator, discriminator = NETWORKS[name]()
    if len(workload.shape) == 3:
        generator, discriminator = (
            net.to(memory_format=torch.channels_last) for net in (generator, discriminator)
        )
    if compiled:
        generator, discriminator = torch.compile(generator), torch.compile(discriminator)
    rate, *betas = workload.adam
    adam = lambda net: torch.optim.Adam(net.parameters(), lr=rate, betas=tuple(betas))
    d_optimizer, g_optimizer = adam(discriminator), adam(generator)
    data = torch.from_numpy(examples(workload))
    if data.ndim == 4:
        data = data.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
    loss_fn = nn.BCEWithLogitsLoss()
    autocast = lambda: torch.autocast("cpu", torch.bfloat16, enabled=bfloat16)

    def noise():
        return torch.randn(batch, workload.latent_dim)

    def batches():
        while True:
            yield from data[torch.randperm(len(data))].split(batch)

    source = batches()

    def penalty(real, fake):
        mix = torch.rand(batch, 1, 1, 1)
        between = (real + mix * (fake - real)).requires_grad_()
        output = discriminator(between).sum()
        (gradient,) = torch.autograd.grad(output, between, create_graph=True)
        return ((gradient.flatten(1).norm(dim=1) - 1) ** 2).mean()

    def cross_entropy_step():
        real = next(source)
        d_optimizer.zero_grad()
        with autocast():
            fake = generator(noise())
            real_logits, fake_logits = discriminator(real), discriminator(fake.detach())
            loss = loss_fn(real_logits, torch.ones_like(real_logits))
            loss = loss + loss_fn(fake_logits, torch.zeros_like(fake_logits))
        loss.backward()
        d_optimizer.step()
        g_optimizer.zero_grad()
        with autocast():
            logits = discriminator(fake)
            loss = loss_fn(logits, torch.ones_like(logits))
        loss.backward()
        g_optimizer.step()

    def wasserstein_step():
        for _ in range(workload.critic_steps):
            real = next(source)
            d_optimizer.zero_grad()
            with autocast():
                with torch.no_grad():
                    fake = generator(noise())
                loss = discriminator(fake).mean() - discriminator(real).mean()
                loss = loss + workload.penalty * penalty(real, fake.float())
            loss.backward()
            d_optimizer.step()
        g_optimizer.zero_grad()
        with autocast():
            loss = -discriminator(generator(noise())).mean()
        loss.backward()
        g_optimizer.step()

    step = wasserstein_step if workload.penalty else cross_entropy_step

    def train(steps):
        for _ in range(steps):
            step()

    return train
