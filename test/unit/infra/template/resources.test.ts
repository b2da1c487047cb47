import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { rows } from '../../../../infra/functions.ts';
import { frameworkName, logGroupId, ownName, roleId } from '../../../../infra/template/names.ts';
import { resourcesFor } from '../../../../infra/template/resources.ts';
import { everything } from '../../../../infra/template/roles.ts';

const { Resources, extensions } = resourcesFor(everything);

for (const [name, { asksKafka, alarms }] of rows) {
  suite(name, () => {
    test('has a role of its own, which may write its log', () => {
      const { Type, Properties } = Resources[roleId(name)];

      assert.equal(Type, 'AWS::IAM::Role');
      assert.ok(JSON.stringify(Properties).includes(JSON.stringify({ 'Fn::GetAtt': [logGroupId(name), 'Arn'] })));
    });

    test(asksKafka ? 'is in the VPC, and may join it' : 'stays out of the VPC', () => {
      const isIn = Object.hasOwn(extensions, `${frameworkName(name)}LambdaFunction`);

      const mayJoin = JSON.stringify(Resources[roleId(name)]).includes('ec2:CreateNetworkInterface');
      assert.deepEqual([isIn, mayJoin], [asksKafka, asksKafka]);
    });

    test(alarms.includes('limits_unavailable') ? 'raises an alarm when it cannot count' : 'does not count', () => {
      const filter = Resources[`${ownName(name)}LimitsFilter`];

      assert.deepEqual(
        [filter?.Properties.LogGroupName, filter?.Properties.FilterPattern],
        alarms.includes('limits_unavailable') ? [{ Ref: logGroupId(name) }, '{ $.event = "limits_unavailable" }'] : [undefined, undefined],
      );
    });
  });
}

test('a deployment without an authorizer has no role for one', () => {
  assert.equal(resourcesFor({ GATEWAY_AUTH: 'iam' }).Resources.AuthorizerRole, undefined);
});

test('the topics and groups that roles are about are those of the cluster alone', () => {
  const text = JSON.stringify(Resources.ConsumerGroupsRole);

  for (const what of ['topic', 'group'])
    assert.ok(text.includes(`arn:aws:kafka:eu-west-1:123456789012:${what}/gateway/01234567-89ab-cdef-0123-456789abcdef-2/*`), what);
});

test('every function may read the document of variables, but one that is open to everyone, which does not', () => {
  for (const [name, { isOpen }] of rows) {
    assert.equal(JSON.stringify(Resources[roleId(name)]).includes('ssm:GetParameter'), isOpen !== true, name);
  }
});
