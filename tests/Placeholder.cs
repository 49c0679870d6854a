namespace Sak.Tests;
